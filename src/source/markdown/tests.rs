//! What bodies become.

mod properties;
mod strain;

use super::*;
use crate::source::config::RawHtml;

/// Settings as they are where dateline.yaml says nothing.
fn settings() -> config::Markdown {
    config::Markdown {
        plain: false,
        smart_punctuation: true,
        raw_html: RawHtml::Pass,
        highlight: true,
        math: true,
        words_per_minute: 238,
        characters_per_minute: 500,
    }
}

/// A site with a few shortcodes.
struct Site(Vec<(&'static str, Declaration)>);

fn parameter(name: &str, kind: Kind, required: bool, default: Option<Argument>) -> Parameter {
    Parameter {
        name: name.to_owned(),
        kind,
        required,
        default,
    }
}

fn site() -> Site {
    let start = Some(Argument::Integer(0));
    let youtube = vec![
        parameter("id", Kind::Text, true, None),
        parameter("start", Kind::Integer, false, start),
        parameter("loop", Kind::Truth, false, None),
        parameter("speed", Kind::Number, false, None),
    ];
    let note = vec![parameter("title", Kind::Text, false, None)];
    Site(vec![
        (
            "youtube",
            Declaration {
                parameters: youtube,
                takes_body: false,
            },
        ),
        (
            "note",
            Declaration {
                parameters: note,
                takes_body: true,
            },
        ),
        ("x", Declaration::default()),
    ])
}

impl Shortcodes for Site {
    fn declared(&self, name: &str) -> Option<&Declaration> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, declaration)| declaration)
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}

impl Resolver for Site {
    fn link(&self, target: &str) -> Option<String> {
        let path = target.trim_start_matches("@/").replace(".md", "/");
        (path != target).then(|| format!("/{path}"))
    }

    fn picture(&self, src: &str) -> PictureSource {
        let size = src.starts_with("known").then_some(600);
        PictureSource {
            url: format!("/{src}"),
            width: size,
            height: size,
            srcset: src
                .starts_with("large")
                .then(|| "/s.jpg 480w, /m.jpg 800w".to_owned()),
            sources: match src {
                "large.jpg" => vec![("image/webp", "/s.webp 480w".to_owned())],
                _ => Vec::new(),
            },
            sizes: src.starts_with("large").then(|| "100vw".to_owned()),
            tint: src.starts_with("large").then(|| "l4a3b3".to_owned()),
            is_photo: src.starts_with("known"),
            notes: None,
        }
    }

    fn shortcode(&self, call: &Call, body: Option<&str>) -> Result<String, String> {
        if call
            .arguments
            .iter()
            .any(|(_, value)| *value == Argument::Text("fail".to_owned()))
        {
            return Err("the component failed".to_owned());
        }
        let mut out = format!("[{}", call.name);
        for (name, value) in &call.arguments {
            out += &match value {
                Argument::Text(text) => format!(" {name}={text:?}").replace('<', "&lt;"),
                Argument::Integer(number) => format!(" {name}={number}"),
                Argument::Number(number) => format!(" {name}={number:?}"),
                Argument::Truth(truth) => format!(" {name}={truth}"),
            };
        }
        if let Some(body) = body {
            out += "|";
            out += body;
        }
        Ok(out + "]")
    }
}

fn html_with(settings: &config::Markdown, body: &str) -> String {
    let mut out = String::new();
    let faults = html(body, 0, settings, &site(), &site(), &mut out);
    assert_eq!(faults, [], "{body:?}");
    if let Some(draft) = draft(settings, body) {
        let mut filled = String::new();
        fill(&draft, &site(), &mut filled);
        assert_eq!(filled, out, "the draft of {body:?}");
    }
    out
}

fn draft(settings: &config::Markdown, body: &str) -> Option<String> {
    let (found, draft) = outline_and_draft(body, 0, None, settings, &site());
    assert_eq!(found, outline(body, 0, None, settings, &site()), "{body:?}");
    draft
}

#[track_caller]
fn check(body: &str, expect: &str) {
    assert_eq!(html_with(&settings(), body), expect, "{body:?}");
}

fn outlined(body: &str) -> (Outline, Vec<Fault>) {
    let (outline, _, faults) = outline(body, 0, None, &settings(), &site());
    (outline, faults)
}

fn shown(body: &str) -> Shown {
    outline(body, 0, None, &settings(), &site()).1
}

/// Checks every fault's message and the text that it is about.
#[track_caller]
fn check_faults(body: &str, expect: &[(&str, &str)]) {
    let (_, faults) = outlined(body);
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (&*fault.message, &body[fault.at.clone()]))
        .collect();
    assert_eq!(found, expect, "{body:?}");
}

#[test]
fn every_example_of_commonmark_comes_out_byte_for_byte() {
    #[derive(Deserialize)]
    struct Example {
        markdown: String,
        html: String,
        example: u32,
        section: String,
    }
    let text = include_str!("../../../tests/data/commonmark-0.31.2.json");
    let examples: Vec<Example> = serde_json::from_str(text).expect("it is JSON");
    assert_eq!(examples.len(), 652);
    let plain = config::Markdown {
        plain: true,
        ..settings()
    };
    let wrong: Vec<String> = examples
        .iter()
        .filter(|example| html_with(&plain, &example.markdown) != example.html)
        .map(|example| {
            format!(
                "{} ({}): {:?}\n    became {:?}\n    not    {:?}",
                example.example,
                example.section,
                example.markdown,
                html_with(&plain, &example.markdown),
                example.html
            )
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn extensions_are_written_as_sound_html() {
    check(
        "a ~~b~~ x^2^ H~2~O ^up^ ~low~\n",
        "<p>a <del>b</del> x<sup>2</sup> H<sub>2</sub>O <sup>up</sup> <sub>low</sub></p>\n",
    );
    check(
        "2^10 ~/a and ~/b x\\^2^ `x^2^`\n",
        "<p>2^10 ~/a and ~/b x^2^ <code>x^2^</code></p>\n",
    );
    check("It's \"so\" -- yes...\n", "<p>It’s “so” – yes…</p>\n");
    check(
        "| a | b | c |\n|:--|--:|---|\n| 1 | 2 |\n",
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead>\n<tr>\n\
         <th scope=\"col\" class=\"align-left\">a</th>\n\
         <th scope=\"col\" class=\"align-right\">b</th>\n<th scope=\"col\">c</th>\n</tr>\n</thead>\n\
         <tbody>\n<tr>\n<td class=\"align-left\">1</td>\n<td class=\"align-right\">2</td>\n\
         <td></td>\n</tr>\n</tbody>\n</table></div>\n",
    );
    check(
        "| | a |\n|---|--:|\n| 1 | 2 |\n",
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead>\n<tr>\n\
         <td></td>\n<th scope=\"col\" class=\"align-right\">a</th>\n</tr>\n</thead>\n\
         <tbody>\n<tr>\n<td>1</td>\n<td class=\"align-right\">2</td>\n</tr>\n</tbody>\n</table></div>\n",
    );
    check(
        "- [ ] a *b*\n- [x] c\n  - d\n",
        "<ul>\n<li><label><input type=\"checkbox\" disabled> a <em>b</em></label></li>\n\
         <li><label><input type=\"checkbox\" disabled checked> c</label>\n<ul>\n<li>d</li>\n</ul>\n</li>\n</ul>\n",
    );
    check(
        "Term\n: One\n: Two\n",
        "<dl>\n<dt>Term</dt>\n<dd>One</dd>\n<dd>Two</dd>\n</dl>\n",
    );
    check(
        "> [!NOTE]\n> Mind.\n",
        "<aside class=\"alert alert-note\" role=\"note\">\n<p class=\"alert-title\">Note</p>\n<p>Mind.</p>\n</aside>\n",
    );
    check("a\\\nb\n\n***\n", "<p>a<br>\nb</p>\n<hr>\n");
}

#[test]
fn smart_punctuation_can_be_turned_off() {
    let dull = config::Markdown {
        smart_punctuation: false,
        ..settings()
    };
    assert_eq!(
        html_with(&dull, "\"a\" -- b\n"),
        "<p>&quot;a&quot; -- b</p>\n"
    );
}

#[test]
fn headings_have_ids_and_links_to_themselves() {
    check(
        "## A *b* `c`\n",
        "<h2 id=\"a-b-c\">A <em>b</em> <code>c</code> <a class=\"anchor\" href=\"#a-b-c\" \
         aria-label=\"Link to this section\">#</a></h2>\n",
    );
    check(
        "# A {#own .x .y lang=pt onclick=\"x\"}\n",
        "<h1 id=\"own\" class=\"x y\" lang=\"pt\">A <a class=\"anchor\" href=\"#own\" \
         aria-label=\"Link to this section\">#</a></h1>\n",
    );
    check_faults(
        "# A {#a}\n\n# B {#a}\n",
        &[("two headings have the id `a`", "# B {#a}\n")],
    );
    let shown = shown("# It's x^2^\n\nText.\n\n## `b`\n");
    let expect = [(1, "its-x2", "It’s x2"), (2, "b", "b")];
    let found: Vec<_> = shown
        .headings
        .get()
        .into_iter()
        .map(|heading| (heading.level, heading.id, heading.text))
        .collect();
    let expect = expect.map(|(level, id, text)| (level, id.to_owned(), text.to_owned()));
    assert_eq!(found, expect);
}

#[test]
fn footnotes_stand_at_the_end_and_lead_back() {
    check(
        "A[^n] b[^n].\n\n[^n]: Note *x*.\n\nText.\n",
        "<p>A<sup class=\"footnote\"><a href=\"#fn:1\" id=\"fnref:1\" role=\"doc-noteref\">1</a></sup> \
         b<sup class=\"footnote\"><a href=\"#fn:1\" id=\"fnref:1-2\" role=\"doc-noteref\">1</a></sup>.</p>\n\
         <p>Text.</p>\n<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n\
         <li id=\"fn:1\"><p>Note <em>x</em>. \
         <a href=\"#fnref:1\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a> \
         <a href=\"#fnref:1-2\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a></p></li>\n\
         </ol>\n</section>\n",
    );
    check(
        "A[^no].\n\n[^x]: Unused[^y].\n\n[^y]: Only from there.\n",
        "<p>A[^no].</p>\n",
    );
    let html = html_with(&settings(), "A[^a]\n\n[^a]: See[^b].\n\n[^b]: Self[^b].\n");
    assert_eq!(html.matches("<li id=").count(), 2, "{html}");
}

/// Markdown lets a note begin in a quotation in a note.
#[test]
fn a_note_in_a_note_is_a_note_of_its_own() {
    let html = html_with(&settings(), "a[^1] b[^2]\n\n[^1]: > c\n    > [^2]: d\n");
    assert_eq!(html.matches("<blockquote>").count(), 1, "{html}");
    assert_eq!(html.matches("</blockquote>").count(), 1, "{html}");
}

/// A task may be the term of a definition.
#[test]
fn the_label_of_a_task_ends_with_its_text() {
    check(
        "- [ ] a\n  : b\n",
        "<ul>\n<li>\n<dl>\n<dt><label><input type=\"checkbox\" disabled> a</label></dt>\n<dd>b</dd>\n\
         </dl>\n</li>\n</ul>\n",
    );
}

#[test]
fn links_by_source_path_are_listed_and_resolved() {
    let body = "[a](@/local/harbour.md#quay) [b](harbour.md) [c][r] [d](https://x.example/y.md) [e](#f)\n\n[r]: ../z.md\n";
    check(
        body,
        "<p><a href=\"/local/harbour/#quay\">a</a> <a href=\"/harbour/\">b</a> <a href=\"/../z/\">c</a> \
         <a href=\"https://x.example/y.md\">d</a> <a href=\"#f\">e</a></p>\n",
    );
    let (outline, _, faults) = outline(body, 100, None, &settings(), &site());
    assert_eq!(faults, []);
    let found: Vec<_> = outline
        .links()
        .into_iter()
        .map(|link| {
            (
                link.target,
                &body[link.at.0 as usize - 100..link.at.1 as usize - 100],
            )
        })
        .collect();
    let expect = [
        ("@/local/harbour.md#quay", "[a](@/local/harbour.md#quay)"),
        ("harbour.md", "[b](harbour.md)"),
        ("../z.md", "[c][r]"),
    ];
    assert_eq!(found, expect);
}

#[test]
fn addresses_that_run_something_are_left_out_unless_trusted() {
    check(
        "[x](javascript:alert(1)) ![y](data:text/html,x)\n",
        "<p>x y</p>\n",
    );
    check("[x](&#106;ava&#115;cript:alert(1))\n", "<p>x</p>\n");
    check("<javascript:alert(1)>\n", "<p>javascript:alert(1)</p>\n");
    check_faults(
        "[x](JavaScript:a)",
        &[(
            "an address with `JavaScript:` is left out",
            "[x](JavaScript:a)",
        )],
    );
    let trusted = config::Markdown {
        raw_html: RawHtml::Trusted,
        ..settings()
    };
    assert_eq!(
        html_with(&trusted, "[x](javascript:a)\n"),
        "<p><a href=\"javascript:a\">x</a></p>\n"
    );
}

#[test]
fn a_link_to_nowhere_is_a_warning() {
    for body in ["[x]()", "[x](<>)"] {
        check(body, "<p>x</p>\n");
        let (_, faults) = outlined(body);
        assert_eq!(faults.len(), 1, "{body}");
        assert_eq!(faults[0].severity, Severity::Warning, "{body}");
    }
}

#[test]
fn a_picture_alone_in_its_paragraph_is_a_figure() {
    check(
        "![A *ferry*](known.jpg \"The *first* [ferry](a.md)\"){credit=\"Ana *Reis* / \\\"R\\\" -- &amp;\" class=wide}\n",
        "<figure class=\"wide\"><img src=\"/known.jpg\" alt=\"A ferry\" width=\"600\" height=\"600\" \
         loading=\"lazy\" decoding=\"async\"><figcaption><span class=\"caption\">The <em>first</em> \
         <a href=\"/a/\">ferry</a></span> <span class=\"credit\"><span class=\"vh\">Photo: </span>\
         Ana *Reis* / &quot;R&quot; -- &amp;amp;</span></figcaption></figure>\n",
    );
    check(
        "![a](b.jpg)\n",
        "<figure><img src=\"/b.jpg\" alt=\"a\" loading=\"lazy\" decoding=\"async\"></figure>\n",
    );
    check(
        "See ![a](b.jpg \"t\"){credit=\"c\"}, this\n",
        "<p>See <img src=\"/b.jpg\" alt=\"a\" title=\"t\" loading=\"lazy\" decoding=\"async\">, this</p>\n",
    );
    check(
        "![a](large.jpg)\n",
        "<figure><picture><source type=\"image/webp\" srcset=\"/s.webp 480w\" sizes=\"100vw\">\
         <img src=\"/large.jpg\" srcset=\"/s.jpg 480w, /m.jpg 800w\" sizes=\"100vw\" alt=\"a\" \
         data-tint=\"l4a3b3\" loading=\"lazy\" decoding=\"async\"></picture></figure>\n",
    );
    check(
        "See ![a](large.png \"t\")\n",
        "<p>See <img src=\"/large.png\" srcset=\"/s.jpg 480w, /m.jpg 800w\" sizes=\"100vw\" alt=\"a\" \
         title=\"t\" data-tint=\"l4a3b3\" loading=\"lazy\" decoding=\"async\"></p>\n",
    );
    check(
        "[a](/b){x=\"y\"} `c){x=\"y\"}`\n",
        "<p><a href=\"/b\">a</a>{x=&quot;y&quot;} <code>c){x=&quot;y&quot;}</code></p>\n",
    );
    let body = "![](b.jpg){credit=\"A / B\"}\n\nx ![c](https://d.example/e.png){no_credit_reason=\"a drawing of ours\"}\n";
    let (outline, faults) = outlined(body);
    assert_eq!(faults, []);
    let picture = |src: &str,
                   credit: Option<&str>,
                   reason: Option<&str>,
                   placement,
                   alt: Option<&str>,
                   at| {
        Picture {
            src: src.to_owned(),
            credit: credit.map(str::to_owned),
            no_credit_reason: reason.map(str::to_owned),
            alt: alt.map(str::to_owned),
            caption: None,
            placement,
            at,
        }
    };
    let length = u32::try_from(body.len()).expect("it is short");
    let expect = [
        picture(
            "b.jpg",
            Some("A / B"),
            None,
            Placement::Alone,
            None,
            (0, 26),
        ),
        picture(
            "https://d.example/e.png",
            None,
            Some("a drawing of ours"),
            Placement::InText,
            Some("c"),
            (30, length - 1),
        ),
    ];
    assert_eq!(*outline.pictures, expect);
    check_faults(
        "![a](b){crdit=\"x\"}",
        &[("a picture has no `crdit`", "crdit=\"x\"")],
    );
}

#[test]
fn pictures_that_share_a_paragraph_or_are_links_are_figures_where_they_are_photos() {
    let img = |src: &str, more: &str| {
        format!("<img src=\"/{src}\" alt=\"a\"{more} loading=\"lazy\" decoding=\"async\">")
    };
    let known = img("known.jpg", " width=\"600\" height=\"600\"");
    let credited = img("b.png", "");
    let check_html = |body: &str, expect: &str| check(body, expect);
    check_html(
        "[![a](known.jpg \"A [*c*](/d)\"){credit=\"E / F\"}](@/g.md \"t\")\n",
        &format!(
            "<figure><a href=\"/g/\" title=\"t\">{known}</a><figcaption><span class=\"caption\">\
             A <a href=\"/d\"><em>c</em></a></span> <span class=\"credit\"><span class=\"vh\">Photo: </span>\
             E / F</span></figcaption></figure>\n"
        ),
    );
    check_html(
        "![a](known.jpg)\n![a](b.png){credit=\"C\"} [![a](known.jpg)](/d)\n",
        &format!(
            "<figure>{known}</figure>\n<figure>{credited}<figcaption><span class=\"credit\">\
             <span class=\"vh\">Photo: </span>C</span></figcaption></figure>\n\
             <figure><a href=\"/d\">{known}</a></figure>\n"
        ),
    );
    // Badges stay in a row.
    check_html(
        "[![a](b.png)](/x) ![a](b.png)\n",
        &format!("<p><a href=\"/x\">{credited}</a>\n{credited}</p>\n"),
    );
    // What has text beside it stays in the text.
    check_html(
        "![a](known.jpg) [![a](b.png) c](/d) ![a](b.png)\n",
        &format!("<p>{known} <a href=\"/d\">{credited} c</a> {credited}</p>\n"),
    );
    check_html(
        "[![a](b.png)](/x) and ![a](b.png)\n",
        &format!("<p><a href=\"/x\">{credited}</a> and {credited}</p>\n"),
    );
    let (outline, faults) = outlined("[![a](b.jpg){credit=\"C\"}](@/d.md)\n![e](f.jpg \"G\")\n");
    assert_eq!(faults, []);
    assert_eq!(outline.links().len(), 1);
    let found: Vec<_> = outline
        .pictures
        .iter()
        .map(|one| (one.src.as_str(), one.placement, one.caption.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            ("b.jpg", Placement::Grouped, None),
            ("f.jpg", Placement::Grouped, Some("G"))
        ]
    );
}

#[test]
fn pictures_in_html_are_found_where_html_is_passed_on() {
    let body = "A <img src=\"a.jpg\"> b.\n\n<figure>\n<img alt='B'\n src=b.jpg>\n\n<figcaption>C</figcaption>\n</figure>\n\n\
                `<img src=c.jpg>`\n\n<!-- <img src=d.jpg> -->\n\n    <img src=e.jpg>\n";
    let found = |settings: &config::Markdown| -> Vec<_> {
        let (outline, ..) = outline(body, 10, None, settings, &site());
        let found = outline.raw_pictures.get().into_iter();
        found.map(|one| (one.src, one.caption, one.at)).collect()
    };
    let passes = config::Markdown {
        raw_html: RawHtml::Pass,
        ..settings()
    };
    let expect = [
        ("a.jpg".to_owned(), None, (12, 29)),
        ("b.jpg".to_owned(), Some("C".to_owned()), (43, 67)),
    ];
    assert_eq!(found(&passes), expect);
    let escapes = config::Markdown {
        raw_html: RawHtml::Escape,
        ..settings()
    };
    assert_eq!(found(&escapes), []);
}

#[test]
fn a_summary_is_a_line_without_links() {
    let check = |body: &str, expect: &str| {
        assert_eq!(shown(body).summary, expect, "{body:?}");
    };
    check(
        "# T\n\n![a](b.jpg)\n\nThe *first* [one](/x)[^1] ![c](d) & so\non `x<y`.\n\nNot this.\n\n[^1]: N.\n",
        "The <em>first</em> one &amp; so on <code>x&lt;y</code>.",
    );
    check("> Quoted.\n\nPlain.\n", "Plain.");
    check("> Quoted.\n", "Quoted.");
    check(
        "One.\n\n- two\n- three\n\n```\ncode\n```\n<!-- more -->\n\nFour.\n",
        "One. two three",
    );
    check("One.<!--more--> Two.\n", "One.");
    check("One.\n\n    <!-- more -->\n\nTwo.\n", "One.");
    check("<b>One</b> two\n", "One two");
    check("", "");
    check(
        &format!("*{}* b", "word ".repeat(200).trim_end()),
        &format!("<em>{}…</em>", "word ".repeat(120).trim_end()),
    );
    assert_eq!(
        shown("One.\n\nTwo.\n\n<!-- more -->\n").summary,
        "One. Two."
    );
    assert_eq!(
        shown("`<!-- more -->`\n\nTwo.\n").summary,
        "<code>&lt;!-- more --&gt;</code>"
    );
    let (_, shown, _) = outline(
        "Body.",
        0,
        Some(" Of the *front* [matter](/x) "),
        &settings(),
        &site(),
    );
    assert_eq!(shown.summary, "Of the <em>front</em> matter");
}

#[test]
fn words_are_those_that_are_read() {
    let check = |body: &str, expect: u32| {
        let (outline, _) = outlined(body);
        assert_eq!(outline.words, expect, "{body:?}");
    };
    check(
        "# One two\n\nthree *fo*ur `five`\nsix\n\n- seven\n\n| eight | nine |\n|--|--|\n| ten | 11 |\n",
        11,
    );
    check("```\nnot code\n```\n\n<b>one</b> ![not alt](x.jpg)\n", 1);
    check("one[^1]\n\n[^1]: two\n", 2);
    check(
        "{{< youtube abc >}}\n\n{{< note >}}\none\n{{< /note >}}\n",
        1,
    );
    check("日本語 text", 4);
    assert_eq!(outlined(&"字".repeat(1001)).0.minutes, 3);
}

#[test]
fn raw_html_passes_or_is_shown() {
    let body = "<div>\n*a*\n</div>\n\nb <i>c</i>\n";
    check(body, "<div>\n*a*\n</div>\n<p>b <i>c</i></p>\n");
    let escape = config::Markdown {
        raw_html: RawHtml::Escape,
        ..settings()
    };
    assert_eq!(
        html_with(&escape, body),
        "<p>&lt;div&gt;\n*a*\n&lt;/div&gt;</p>\n<p>b &lt;i&gt;c&lt;/i&gt;</p>\n"
    );
    assert_eq!(
        html_with(&escape, "{{< x >}}\n\n![a](b \"<i>\")\n"),
        "[x]\n<figure><img src=\"/b\" alt=\"a\" loading=\"lazy\" decoding=\"async\"><figcaption><span class=\"caption\">&lt;i&gt;</span></figcaption></figure>\n"
    );
}

#[test]
fn prices_are_no_formulas() {
    check("It cost $5, then $10.\n", "<p>It cost $5, then $10.</p>\n");
    check(
        "*$5*-$10 or US$5 (A$6)\n",
        "<p><em>$5</em>-$10 or US$5 (A$6)</p>\n",
    );
    check(
        "$5-$10 and $x$\n",
        "<p>$5-$10 and <math display=\"inline\"><mi>x</mi></math></p>\n",
    );
}

#[test]
fn a_wrong_formula_is_a_fault_with_its_place() {
    let (_, faults) = outlined("Text $\\nosuch{x}$ text");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].at, 5..17);
    check(
        "$\\nosuch{x}$",
        "<p><code class=\"math\">\\nosuch{x}</code></p>\n",
    );
}

#[test]
fn calls_are_made_where_shortcodes_are_declared() {
    check("{{< youtube abc >}}\n", "[youtube id=\"abc\" start=0]\n");
    check(
        "{{<youtube id='a\\'b' start=-5 loop=true speed=1.5 />}}\n",
        "[youtube id=\"a'b\" start=-5 loop=true speed=1.5]\n",
    );
    check(
        "{{< youtube\n  id=\"a b\"\n  start=3\n>}}\n",
        "[youtube id=\"a b\" start=3]\n",
    );
    check(
        "{{< vimeo 1 >}} {{ y }} {% z %} {{< x\n",
        "<p>{{&lt; vimeo 1 &gt;}} {{ y }} {% z %} {{&lt; x</p>\n",
    );
    check("a {{< x >}} *{{<x>}}* b\n", "<p>a [x] <em>[x]</em> b</p>\n");
    check("a\n{{< x >}}\nb\n", "<p>a</p>\n[x]\n<p>b</p>\n");
    check("{{< x >}} b *c*\n", "<p>[x] b <em>c</em></p>\n");
    check("{{< x >}} {{< x >}}\n", "[x] [x]\n");
    check(
        "- {{< x >}}\n- b {{< x >}}\n",
        "<ul>\n<li>\n[x]\n</li>\n<li>b [x]</li>\n</ul>\n",
    );
    check(
        "| a |\n|---|\n| {{< youtube \"b|c\" >}} |\n{{< x >}}\n",
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead>\n<tr>\n\
         <th scope=\"col\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>[youtube id=\"b|c\" start=0]</td>\n</tr>\n\
         </tbody>\n</table></div>\n[x]\n",
    );
    check("\\{{< x >}}\n", "<p>{{&lt; x &gt;}}</p>\n");
}

#[test]
fn calls_are_text_in_code_and_in_comments() {
    check(
        "`{{< x >}}` ``a {{< youtube\nb >}}``\n",
        "<p><code>{{&lt; x &gt;}}</code> <code>a {{&lt; youtube\nb &gt;}}</code></p>\n",
    );
    check(
        "    {{< x >}}\n",
        "<pre class=\"code\" tabindex=\"0\"><code>{{&lt; x &gt;}}\n</code></pre>\n",
    );
    check(
        "~~~ {{< x >}}\n{{< note >}}\na {{< x >}}\n~~~\n",
        "<pre class=\"code\" tabindex=\"0\"><code>{{&lt; note &gt;}}\na {{&lt; x &gt;}}\n</code></pre>\n",
    );
    check("<!--\n{{< x >}}\n-->\n", "<!--\n{{< x >}}\n-->\n");
    check(
        "<div a=\"{{< x >}}\">{{< x >}}</div>\n",
        "<div a=\"{{< x >}}\">[x]</div>\n",
    );
    check("a <b c=\"{{< x >}}\">\n", "<p>a <b c=\"{{< x >}}\"></p>\n");
    check_faults("`{{< youtube >}}`\n\n    {{< note >}}\n", &[]);
}

#[test]
fn a_call_can_stand_around_markdown() {
    let expect = "[note title=\"T\"|<ul>\n<li>a <em>b</em></li>\n</ul>\n]\n";
    check("{{< note title=\"T\" >}}\n- a *b*\n{{< /note >}}\n", expect);
    check(
        "{{< note title=\"T\" >}}\n\n- a *b*\n\n{{< /note >}}\n",
        expect,
    );
    check("{{< note >}}\na\n{{< /note >}}\n", "[note|<p>a</p>\n]\n");
    check("{{< note >}}a{{< /note >}}\n", "[note|<p>a</p>\n]\n");
    check(
        "b {{< note >}}*a*{{< /note >}} c\n",
        "<p>b [note|<em>a</em>] c</p>\n",
    );
    check(
        "> {{< note >}}\n> a\n> {{< /note >}}\n",
        "<blockquote>\n[note|<p>a</p>\n]\n</blockquote>\n",
    );
    check(
        "{{< note >}}\n{{< note >}}\na\n{{< /note >}}\n{{< x >}}\n{{< /note >}}\n",
        "[note|[note|<p>a</p>\n]\n[x]\n]\n",
    );
    check(
        "{{< note >}}\n[a][r] b[^1]\n{{< /note >}}\n\n[r]: /r\n",
        "[note|<p><a href=\"/r\">a</a> b[^1]</p>\n]\n",
    );
    check(
        "- a\n\n  {{< note >}}\n  b\n  {{< /note >}}\n",
        "<ul>\n<li>\n<p>a</p>\n[note|<p>b</p>\n]\n</li>\n</ul>\n",
    );
}

#[test]
fn wrong_calls_are_faults_with_their_places() {
    check_faults(
        "a {{< youtube >}}",
        &[("`youtube` needs the argument `id`", "{{< youtube >}}")],
    );
    check_faults(
        "{{< youtube a strat=1 >}}",
        &[("`youtube` takes no argument `strat`", "strat=1")],
    );
    check_faults(
        "{{< youtube a start=b loop=1 >}}",
        &[
            ("`start` of `youtube` is not a whole number", "start=b"),
            ("`loop` of `youtube` is not `true` or `false`", "loop=1"),
        ],
    );
    check_faults("{{< youtube a id=b >}}", &[("`id` is given twice", "id=b")]);
    check_faults("{{< x a >}}", &[("`x` takes fewer arguments", "a")]);
    check_faults(
        "{{< x = >}}",
        &[("an argument of `x` cannot be read", "= ")],
    );
    check_faults(
        "{{< note >}}\na",
        &[("`note` is never closed", "{{< note >}}")],
    );
    check_faults(
        "- {{< note >}}\n\na\n\n{{< /note >}}",
        &[
            ("`note` is never closed", "{{< note >}}"),
            ("`note` is closed where it is not open", "{{< /note >}}"),
        ],
    );
    check_faults(
        "*{{< note >}}a*{{< /note >}}",
        &[
            ("`note` is never closed", "{{< note >}}"),
            ("`note` is closed where it is not open", "{{< /note >}}"),
        ],
    );
    check_faults(
        "{{< youtube \"a >}}\n\n\"",
        &[("the call of `youtube` has no end", "{{< youtube")],
    );
    check_faults(
        "[a]({{< x >}})",
        &[("a shortcode stands in an address", "[a]({{< x >}})")],
    );
}

#[test]
fn text_that_looks_like_a_mark_is_only_text() {
    check(
        "\u{FDD0}ddd <!d\u{FDD0}> {{< x >}}\n",
        "<p>\u{FFFD}ddd <!d\u{FFFD}> [x]</p>\n",
    );
    check(
        "`\u{FDD0}ddd {{< x >}}`\n",
        "<p><code>\u{FFFD}ddd {{&lt; x &gt;}}</code></p>\n",
    );
    check(
        "`<!d{{< x >}}<!d`\n",
        "<p><code>&lt;!d{{&lt; x &gt;}}&lt;!d</code></p>\n",
    );
}

#[test]
fn a_component_that_fails_is_a_fault_at_its_call() {
    let mut out = String::new();
    let faults = html(
        "a {{< youtube fail >}}",
        10,
        &settings(),
        &site(),
        &site(),
        &mut out,
    );
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (&*faults[0].message, faults[0].at.clone()),
        ("the component failed", 12..32)
    );
}

#[test]
fn a_line_of_markdown_never_becomes_a_block() {
    let check = |text: &str, expect: &str| {
        assert_eq!(inline(text, &settings(), None), expect, "{text:?}");
    };
    check("A *ferry* at `x`", "A <em>ferry</em> at <code>x</code>");
    check("1. not a list", "1. not a list");
    check("# not a heading #", "# not a heading #");
    check("- a\n- b", "- a - b");
    check("    not code", "not code");
    check("> no", "&gt; no");
    check("_a_ \"b\"", "<em>a</em> “b”");
    check("[a](@/b.md) <i>c</i>", "<a href=\"@/b.md\">a</a> <i>c</i>");
    check("[a](javascript:b)", "a");
    check("", "");
    check("C #", "C #");
    check("a {#b}", "a {#b}");
    assert_eq!(
        inline("[a](b.md)", &settings(), Some(&site())),
        "<a href=\"/b/\">a</a>"
    );
}

#[test]
fn code_is_highlighted_unless_it_is_not_wanted() {
    check(
        "```rust,ignore\nfn a() {}\n```\n",
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-rust\"><span class=\"s-k\">fn </span>\
         <span class=\"s-f\">a</span><span class=\"s-p\">() {}\n</span></code></pre>\n",
    );
    check(
        "```nope <b>\na<b\n```\n",
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-nope\">a&lt;b\n</code></pre>\n",
    );
    let dull = config::Markdown {
        highlight: false,
        ..settings()
    };
    assert_eq!(
        html_with(&dull, "```rust\nfn a() {}\n```\n"),
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-rust\">fn a() {}\n</code></pre>\n"
    );
}

#[test]
fn nul_is_replaced() {
    check(
        "a\0b `c\0` <d>\n\n<div>\0</div>\n",
        "<p>a\u{FFFD}b <code>c\u{FFFD}</code> <d></p>\n<div>\u{FFFD}</div>\n",
    );
}

#[test]
fn files_beside_the_article_are_listed() {
    let body = "[a](report.pdf) [b](/about/) [c](x.md) [d](https://x.example/y.pdf)";
    let (outline, _, faults) = outline(body, 0, None, &settings(), &site());
    assert_eq!(faults, []);
    assert_eq!(outline.files, ["report.pdf"]);
}

#[test]
fn the_prose_of_a_body_is_its_text() {
    let check = |body: &str, expect: &str| {
        assert_eq!(prose(body, &settings(), &site()), expect, "{body:?}");
    };
    check(
        "# Quay\n\nThe *first* ferry\nof the [day](https://a.example/b) `sails`.\n\n- one\n- two",
        "Quay The first ferry of the day sails. one two",
    );
    check(
        "![A ferry](ferry.jpg){credit=\"Ana Reis\" caption=\"At the quay\"}",
        "A ferry At the quay",
    );
    check(
        "a\n\n{{< youtube abc >}}\n\n{{< note >}}\nkept\n{{< /note >}}\n\n{{ b }}",
        "a kept {{ b }}",
    );
    check("<p>one</p>\n<p>two &amp; three</p>\n", "one two & three");
    check("half<b>way</b> there", "halfway there");
    check("", "");
}

/// Knows other addresses and words than [`Site`].
struct Elsewhere;

impl Resolver for Elsewhere {
    fn link(&self, target: &str) -> Option<String> {
        (target != "lost.md").then(|| format!("/else?of={}&\"", target.len()))
    }

    fn picture(&self, _: &str) -> PictureSource {
        unreachable!("no draft asks for a picture")
    }

    fn shortcode(&self, _: &Call, _: Option<&str>) -> Result<String, String> {
        unreachable!("no draft calls a shortcode")
    }

    fn words(&self) -> &Words {
        static WORDS: Words = Words {
            note: Cow::Borrowed("<nota>"),
            tip: Cow::Borrowed("consilium"),
            important: Cow::Borrowed("grave"),
            warning: Cow::Borrowed("periculum"),
            caution: Cow::Borrowed("cave"),
            footnotes: Cow::Borrowed("adnotationes"),
            back: Cow::Borrowed("\"redi\""),
            section: Cow::Borrowed("haec pars"),
            table: Cow::Borrowed("tabula"),
            photo: Cow::Borrowed(""),
            ai: Cow::Borrowed(""),
            partly_ai: Cow::Borrowed(""),
            computer: Cow::Borrowed(""),
        };
        &WORDS
    }
}

#[test]
fn a_draft_becomes_the_html_of_any_site() {
    for body in [
        "",
        "No hole.\n",
        "# A [link](@/a.md#b) and `code`\n\nText[^1] with [one](b.md \"title\"), [lost](lost.md), \
         <mailto:a@example.org> and [two](https://example.org/?a&b).\n\n[^1]: A [note](c.md).\n",
        "> [!NOTE]\n> a\n\n> [!TIP]\n> b\n\n> [!IMPORTANT]\n> c\n\n> [!WARNING]\n> d\n\n> [!CAUTION]\n> e\n",
        "| a | |\n|---|---|\n| [b](b.md) | c |\n\n- [ ] [task](/t/)\n",
        "`{{< y >}}`, \u{1}, \u{3}h and <b title=\"\u{2}\">raw \u{1}x\u{2}</b> are text\n",
    ] {
        let draft = draft(&settings(), body).unwrap_or_else(|| panic!("{body:?} has no draft"));
        let (mut filled, mut written) = (String::new(), String::new());
        fill(&draft, &Elsewhere, &mut filled);
        html(body, 0, &settings(), &site(), &Elsewhere, &mut written);
        assert_eq!(filled, written, "{body:?}");
        assert!(!filled.contains(['\u{1}', '\u{2}', '\u{3}']), "{filled:?}");
    }
}

#[test]
fn what_only_the_site_can_make_has_no_draft() {
    for body in [
        "![a](a.jpg)\n",
        "![a](https://example.org/a.jpg)\n",
        "![a](a.jpg) ![b](b.jpg)\n",
        "Text\n\n{{< youtube id=\"1\" >}}\n",
        "[a](<b\u{1}c.md>)\n",
    ] {
        assert_eq!(draft(&settings(), body), None, "{body:?}");
    }
}
