//! The examples of the CommonMark specification, built as a site's articles by the binary.

use crate::support::{CONFIG, Site};

/// An example of the specification.
#[derive(serde::Deserialize)]
struct Example {
    markdown: String,
    html: String,
    example: usize,
}

#[test]
fn every_example_of_commonmark_becomes_its_html() {
    let site = Site::empty();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}theme: bare\nmarkdown: {{ plain: true }}\npermalink: /:slug/\n"),
    );
    site.put("themes/bare/theme.yaml", "name: bare\n");
    site.put(
        "themes/bare/templates/article.html",
        "{{ article.content }}",
    );
    site.put("themes/bare/templates/list.html", "{{ page.title }}");
    let json = include_str!("../data/commonmark-0.31.2.json");
    let examples: Vec<Example> = serde_json::from_str(json).unwrap();
    assert_eq!(examples.len(), 652);
    for Example {
        markdown, example, ..
    } in &examples
    {
        let front = format!("---\nheadline: Example {example}\n---\n");
        site.put(&format!("content/example-{example}.md"), front + markdown);
    }
    let built = site.run(&["build"]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    for Example {
        html,
        example,
        markdown,
    } in examples
    {
        let page = site.page(&format!("example-{example}/index.html"));
        assert_eq!(page, html, "example {example}: {markdown}");
    }
}
