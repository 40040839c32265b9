//! A rebuild equals a clean build, byte for byte, after any sequence of edits.
//!
//! A site is a list of [`world::FILES`], each made of parts that can be written in several ways. An
//! edit chooses another way, or does to the output what can happen to one. After every edit the site
//! is built on what is there, and from nothing in another folder.

mod named;
pub(crate) mod world;

use crate::support::{errors, without};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::time::SystemTime;
use world::{World, edit};

/// How many sequences are tried, and how many edits each has. `REBUILD_CASES` tries more.
const CASES: u32 = 32;
const EDITS: usize = 8;
const SEED: [u8; 32] = *b"a rebuild equals a clean build!!";

#[test]
fn a_rebuild_equals_a_clean_build() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|number| number.parse().ok())
    };
    let cases = number("REBUILD_CASES").unwrap_or(CASES);
    let mut seed = SEED;
    seed[0] = number("REBUILD_SEED").unwrap_or(u32::from(SEED[0])) as u8;
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let edits = prop::collection::vec(edit(), 1..=EDITS);
    let outcome = runner.run(&edits, |edits| {
        let mut world = World::new();
        let mut said = Vec::new();
        check(&mut world, "the first build", 0).map_err(TestCaseError::fail)?;
        for (step, edit) in edits.iter().enumerate() {
            let before = world.clone_state();
            said.push(world.apply(edit));
            let told = said.join("\n  ");
            let is_built = check(&mut world, &told, step).map_err(TestCaseError::fail)?;
            if !is_built {
                // The author puts it back, and goes on.
                world.restore(before);
                let told = format!("{told}\n  put back");
                check(&mut world, &told, step).map_err(TestCaseError::fail)?;
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Builds twice over, here and from nothing; tells whether the site could be built.
fn check(world: &mut World, told: &str, step: usize) -> Result<bool, String> {
    let before = world.site.output();
    let times = times(world);
    if step % 3 == 1 {
        // What is made of photos is kept between builds, and may be lost at any time.
        let _ = std::fs::remove_dir_all(world.site.path(".dateline/photos"));
    }
    let clean = world.site.try_clean_output();
    let built = match (world.site.try_build(), clean) {
        (Err(faults), Ok(_)) => {
            return Err(format!(
                "{told}\nonly a clean build can be made: {:#?}",
                errors(&faults)
            ));
        }
        (Ok(_), Err(faults)) => {
            return Err(format!(
                "{told}\na clean build has errors: {:#?}",
                errors(&faults)
            ));
        }
        (Err(_), Err(_)) => {
            let after = world.site.output();
            return match difference(&before, &after) {
                None => Ok(false),
                Some(difference) => Err(format!(
                    "{told}\na refused build changed the output: {difference}"
                )),
            };
        }
        (Ok(_), Ok(clean)) => clean,
    };
    let after = world.site.output();
    for foreign in &world.foreign {
        if !after.contains_key(foreign) {
            return Err(format!(
                "{told}\na file that is not ours vanished: {foreign}"
            ));
        }
    }
    if let Some(difference) = difference(&built, &without(&after, &world.foreign)) {
        return Err(format!(
            "{told}\nnot as a clean build makes it: {difference}"
        ));
    }
    let changed = |path: &String| before.get(path) != after.get(path) || path == ".dateline";
    let now = self::times(world);
    for (path, time) in times {
        let path = path.as_str().to_owned();
        if now.get(&path).is_some_and(|now| *now != time) && !changed(&path) {
            return Err(format!(
                "{told}\nan unchanged file was written again: {path}"
            ));
        }
    }
    if step.is_multiple_of(3) {
        let report = world.site.build();
        if (report.rendered, report.written, report.removed) != (0, 0, 0) {
            return Err(format!(
                "{told}\nbuilding again did something: {:?}",
                report.reasons
            ));
        }
        if self::times(world) != now {
            return Err(format!("{told}\nbuilding again wrote a file"));
        }
    }
    Ok(true)
}

/// Says the first difference of two trees.
pub(crate) fn difference(
    expect: &BTreeMap<String, Vec<u8>>,
    found: &BTreeMap<String, Vec<u8>>,
) -> Option<String> {
    let differs = |path: &&String| expect.get(*path) != found.get(*path);
    // The mark differs wherever anything does.
    let (marks, paths): (Vec<_>, Vec<_>) = expect
        .keys()
        .chain(found.keys())
        .partition(|path| *path == ".dateline");
    let path = paths
        .into_iter()
        .find(differs)
        .or_else(|| marks.into_iter().find(differs))?;
    let said = |tree: &BTreeMap<String, Vec<u8>>| match tree.get(path) {
        None => "nothing".to_owned(),
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    };
    let (expect, found) = (said(expect), said(found));
    let at = expect
        .bytes()
        .zip(found.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let near = |text: &str| {
        text.chars()
            .skip(text.floor_char_boundary(at).saturating_sub(80))
            .take(240)
            .collect::<String>()
    };
    Some(format!(
        "{path}\n  expected: {}\n  found:    {}",
        near(&expect),
        near(&found)
    ))
}

fn times(world: &World) -> BTreeMap<String, SystemTime> {
    let folder = world.site.path("public");
    let output = world.site.output();
    let time = |path: &String| {
        folder
            .join(path)
            .metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    output
        .keys()
        .filter_map(|path| Some((path.clone(), time(path)?)))
        .collect()
}
