//! What the random edits found, each by its cause.

use super::difference;
use super::world::World;
use crate::support::{CONFIG, Site, article, errors};

/// Builds, edits, builds again, and expects what a clean build makes, and that there is nothing
/// left to do.
#[track_caller]
fn check(mut world: World, edit: impl FnOnce(&mut World)) {
    world.site.build();
    edit(&mut world);
    world.site.build();
    if let Some(difference) = difference(&world.site.clean_output(), &world.site.output()) {
        panic!("not as a clean build makes it: {difference}");
    }
    let again = world.site.build();
    assert_eq!(
        (again.rendered, again.written, again.removed),
        (0, 0, 0),
        "{:?}",
        again.reasons
    );
}

const A: &str = "content/news/a.md";
const B: &str = "content/news/b.md";
const SLUG: usize = 7;
const TEMPLATE: usize = 14;
const PHOTO: usize = 9;

/// A picture's media type is shown, and was not in the fingerprint of the card.
/// A caption is Markdown, whose links lead to addresses that other articles decide.
/// A correction's text is Markdown too.
/// A card shows its section's summary, which is Markdown too.
/// An article's own summary is Markdown too.
/// The text of an `_index.md` was known by its own bytes only.
/// Likewise the size of a picture in it.
/// The page of a section is no article, and what its shortcodes looked up beside it was asked
/// again as if it belonged to no page.
/// A link to a file beside the article leads to it only where it is.
/// A component's text was known, and what it includes was not.
/// A picture that an earlier build had measured was not held to a lower limit.
/// A page that an earlier build had made was not held to a lower limit.

#[test]
fn the_first_site_builds() {
    let world = World::new();
    let report = world.site.build();
    assert!(report.written > 60, "{report:#?}");
}

#[test]
fn a_photo_that_becomes_one_of_another_format_is_shown_as_that() {
    for template in [0, 2] {
        let world = World::with(&[(A, PHOTO, 1), (A, TEMPLATE, template)]);
        check(world, |world| world.set("content/news/pier.png", 0, 2));
    }
}

#[test]
fn a_lower_limit_of_pixels_holds_for_known_pictures() {
    let mut world = World::with(&[(A, PHOTO, 1), ("content/news/pier.png", 0, 1)]);
    world.site.build();
    world.set("dateline.yaml", 20, 1);
    let clean = world
        .site
        .try_clean_output()
        .expect_err("the picture is too large");
    let again = world
        .site
        .try_build()
        .expect_err("the picture is too large");
    assert_eq!(errors(&clean), errors(&again));
}

#[test]
fn a_lower_limit_of_bytes_holds_for_known_pages() {
    let mut world = World::new();
    world.site.build();
    world.set("dateline.yaml", 20, 2);
    world
        .site
        .try_clean_output()
        .expect_err("pages are too long");
    world.site.try_build().expect_err("pages are too long");
}

#[test]
fn what_a_component_includes_is_seen() {
    let world = World::with(&[
        (A, 23, 1),
        (A, TEMPLATE, 0),
        ("themes/press/templates/shortcodes/box.html", 0, 2),
    ]);
    check(world, |world| {
        world.set("themes/press/templates/part.html", 0, 1)
    });
}

#[test]
fn a_link_in_a_caption_follows_its_article() {
    let world = World::with(&[(A, PHOTO, 2), (A, TEMPLATE, 0), (B, SLUG, 0)]);
    check(world, |world| world.set(B, SLUG, 1));
}

#[test]
fn a_link_in_a_correction_follows_its_article() {
    let world = World::with(&[(A, 16, 1), (A, TEMPLATE, 0), (B, SLUG, 0)]);
    check(world, |world| world.set(B, SLUG, 1));
}

#[test]
fn a_link_in_a_sections_summary_follows_its_article() {
    let world = World::with(&[("content/news/_index.md", 1, 2), (A, SLUG, 0)]);
    check(world, |world| world.set(A, SLUG, 1));
}

#[test]
fn a_link_in_a_summary_follows_its_article() {
    let world = World::with(&[(A, 11, 2), ("content/guides/e.md", SLUG, 0)]);
    check(world, |world| world.set("content/guides/e.md", SLUG, 1));
}

#[test]
fn a_link_in_the_text_of_a_section_follows_its_article() {
    for index in ["content/news/_index.md", "content/_index.md"] {
        let world = World::with(&[
            (index, 8, 2),
            (B, SLUG, 0),
            ("themes/press/templates/home.html", 0, 5),
        ]);
        check(world, |world| world.set(B, SLUG, 1));
    }
    let world = World::with(&[("content/tags/sea/_index.md", 6, 1), (B, SLUG, 0)]);
    check(world, |world| world.set(B, SLUG, 1));
}

#[test]
fn a_picture_in_the_text_of_a_section_has_its_size() {
    let world = World::with(&[("content/news/_index.md", 8, 3)]);
    check(world, |world| world.set("content/news/pier.png", 0, 1));
    let world = World::with(&[("content/tags/sea/_index.md", 6, 2)]);
    check(world, |world| world.set("static/photos/sea.png", 0, 1));
}

#[test]
fn a_picture_that_a_section_looked_up_is_asked_for_again() {
    let world = World::with(&[("content/news/_index.md", 8, 4)]);
    check(world, |world| world.set("content/news/pier.png", 0, 1));
}

#[test]
fn a_link_to_a_file_knows_whether_it_is_there() {
    let world = World::with(&[(A, 22, 3), (A, TEMPLATE, 0)]);
    check(world, |world| world.toggle("content/news/report.pdf"));
}

#[test]
fn a_file_that_an_article_names_is_published_beside_it() {
    let mut world = World::with(&[(A, SLUG, 3), (A, 22, 3), (A, TEMPLATE, 0)]);
    world.toggle("content/news/report.pdf");
    world.site.build();
    assert_eq!(world.site.page("at/0/report.pdf"), "%PDF");
    let world = World::with(&[(A, SLUG, 3), (A, 22, 0), (A, 23, 3), (A, TEMPLATE, 0)]);
    world.site.build();
    assert!(world.site.output().contains_key("at/0/pier.png"));
}

/// Only a file at the very path of a page was known to be in its way, and a swap of the whole folder
/// lost it.
#[test]
fn a_foreign_file_is_no_folder_and_its_folder_no_file() {
    for (foreign, file) in [
        ("downloads", "static/downloads/a.txt"),
        ("downloads/a.txt", "static/downloads"),
    ] {
        let site = Site::new(&[(
            "content/news/a.md",
            &article("A", "2024-11-21", "", "Text."),
        )]);
        site.build();
        site.put(&format!("public/{foreign}"), "not ours");
        let before = site.output();
        site.put(file, "ours");
        // Most of the site is new: it would be swapped.
        site.put("dateline.yaml", format!("{CONFIG}description: Other.\n"));
        let said = site.errors();
        assert!(
            said.iter()
                .any(|fault| fault.contains("which dateline did not write")),
            "{said:?}"
        );
        assert_eq!(site.output(), before);
    }
}
