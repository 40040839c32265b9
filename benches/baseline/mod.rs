//! What `scale` found when its baseline was last kept: counts, which must be the same, and what each
//! row cost, which is shown beside what it costs now.

use serde::{Deserialize, Serialize};
use std::error::Error;
use std::path::PathBuf;

/// One row of the benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// How many articles the site has.
    pub(crate) articles: u64,
    /// Its theme.
    pub(crate) theme: String,
    /// What was built.
    pub(crate) scenario: String,
    /// How many files were read, without the Markdown that was only hashed.
    pub(crate) read: u64,
    /// How many pages were rendered.
    pub(crate) rendered: u64,
    /// How many files were written.
    pub(crate) written: u64,
    /// The processors' time, in microseconds an article.
    pub(crate) cpu: f64,
    /// The most memory that the build took, in megabytes.
    pub(crate) megabytes: u64,
}

/// Returns where the baseline lies.
fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/baseline/baseline.json")
}

/// Compares rows with the baseline: prints what each costs beside what it cost, and returns those whose
/// counts differ.
pub(crate) fn compare(rows: &[Row]) -> Result<Vec<String>, Box<dyn Error>> {
    let kept: Vec<Row> = serde_json::from_slice(&std::fs::read(path())?)?;
    let mut faults = Vec::new();
    println!("\nbeside the kept baseline (CPU, memory)");
    for row in rows {
        let is_same = |one: &&Row| {
            (one.articles, &one.theme, &one.scenario) == (row.articles, &row.theme, &row.scenario)
        };
        let name = format!("{:>9} {:<10} {:<16}", row.articles, row.theme, row.scenario);
        let Some(old) = kept.iter().find(is_same) else {
            println!("{name} is not in it");
            continue;
        };
        println!(
            "{name} {:>8.2} {:>8.2}",
            row.cpu / old.cpu.max(0.01),
            row.megabytes as f64 / old.megabytes.max(1) as f64
        );
        let counts = |row: &Row| [row.read, row.rendered, row.written];
        // The file that the scenario before wrote is read again where its build began in the same tick of
        // the clock.
        let is_as_before = row.read.abs_diff(old.read) <= 1
            && (row.rendered, row.written) == (old.rendered, old.written);
        if !is_as_before {
            faults.push(format!(
                "{name}: read, rendered and written {:?}, and the baseline has {:?}; if that is meant, keep a \
                 baseline with --write-baseline",
                counts(row),
                counts(old)
            ));
        }
    }
    Ok(faults)
}

/// Keeps rows as the baseline, in the place of those of the same sites.
pub(crate) fn keep(rows: &[Row]) -> Result<(), Box<dyn Error>> {
    let old = std::fs::read(path()).unwrap_or_else(|_| b"[]".to_vec());
    let mut kept: Vec<Row> = serde_json::from_slice(&old)?;
    kept.retain(|one| {
        !rows
            .iter()
            .any(|row| (row.articles, &row.theme) == (one.articles, &one.theme))
    });
    kept.extend_from_slice(rows);
    kept.sort_by(|a, b| (a.articles, &a.theme).cmp(&(b.articles, &b.theme)));
    let mut json = serde_json::to_string_pretty(&kept)?;
    json.push('\n');
    Ok(std::fs::write(path(), json)?)
}
