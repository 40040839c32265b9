//! What holds for every body.

use super::*;
use proptest::prelude::*;

fn piece() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "# ",
        "## a",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "```",
        "~~~rust\n",
        "`",
        "*",
        "**",
        "_",
        "~",
        "~~",
        "^",
        "[",
        "](",
        ")",
        "![",
        "{",
        "}",
        "{credit=\"",
        "{#id}",
        "\"",
        "'",
        "|",
        "|-|",
        ":",
        ": ",
        "\n: ",
        "[^1]",
        "\n[^1]: ",
        "<div>",
        "<!-- more -->",
        "<!--",
        "-->",
        "</",
        ">",
        "&amp;",
        "$",
        "$$",
        "\\",
        "\\frac{",
        "{{< x >}}",
        "{{< note >}}",
        "{{< /note >}}",
        "{{< youtube a >}}",
        "{{< youtube \"",
        ">}}",
        "\n{{< note >}}\n",
        "\n{{< /note >}}\n",
        "[!NOTE]\n",
        "- [ ] ",
        "***\n",
        "\u{FDD0}",
        "\0",
        "\r\n",
        "\t",
        "é",
        "字",
        "\u{A0}",
        "a",
        "b c",
        "javascript:",
        "x.md",
        "(/u)",
        "[r]: /u\n",
        "[r]",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => ".{0,4}"]
}

fn body() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

fn ids(html: &str) -> Vec<&str> {
    let tags = html
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let ids = tags.filter_map(|tag| tag.split(" id=\"").nth(1));
    ids.filter_map(|rest| rest.split('"').next()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_body_is_a_crash_and_places_are_in_it(body in body()) {
        let (outline, faults) = outlined(&body);
        for fault in &faults {
            prop_assert!(body.get(fault.at.clone()).is_some(), "{fault:?}");
        }
        for link in outline.links() {
            prop_assert!(body.get(link.at.0 as usize..link.at.1 as usize).is_some());
        }
        let mut out = String::new();
        html(&body, 0, &settings(), &site(), &site(), &mut out);
        let forbidden = ['\u{FDD0}', '\0'];
        prop_assert!(!out.contains(forbidden));
        plain_text(&shown(&body).summary);
        inline(&body, &settings(), None);
    }

    #[test]
    fn a_draft_is_the_body_and_changes_nothing_beside_it(body in body()) {
        // Also where the calls of shortcodes are text, which most bodies of these pieces have.
        for body in [body.replace("{{<", "{ {<").replace("![", "["), body] {
            if let Some(draft) = draft(&settings(), &body) {
                let (mut filled, mut written) = (String::new(), String::new());
                fill(&draft, &Elsewhere, &mut filled);
                html(&body, 0, &settings(), &site(), &Elsewhere, &mut written);
                prop_assert_eq!(filled, written);
            }
        }
    }

    #[test]
    fn ids_are_unique_and_those_of_the_outline(body in body()) {
        let escape = config::Markdown { raw_html: RawHtml::Escape, ..settings() };
        let mut out = String::new();
        html(&body, 0, &escape, &site(), &site(), &mut out);
        let mut found = ids(&out);
        let (_, shown, _) = outline(&body, 0, None, &escape, &site());
        for heading in shown.headings.get() {
            let mut id = String::new();
            text::escape(&mut id, &heading.id);
            prop_assert!(found.contains(&&*id), "{id:?} {out}");
        }
        found.sort_unstable();
        let count = found.len();
        found.dedup();
        prop_assert_eq!(found.len(), count, "{}", out);
    }

    #[test]
    fn elements_are_balanced(body in body()) {
        let escape = config::Markdown { raw_html: RawHtml::Escape, ..settings() };
        let mut out = String::new();
        html(&body, 0, &escape, &site(), &site(), &mut out);
        let mut open = Vec::new();
        for tag in out.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
            if matches!(name, "br" | "hr" | "img" | "input" | "mspace") || tag.ends_with('/') {
                continue;
            }
            if tag.starts_with('/') {
                prop_assert_eq!(open.pop(), Some(name), "{}", out);
            } else {
                open.push(name);
            }
        }
        prop_assert!(open.is_empty(), "{open:?} {out}");
    }

    #[test]
    fn no_formula_is_a_crash(latex in r"(\\[a-z]{1,6}|\\begin\{[a-z]{1,6}\}|\\end\{[a-z]{1,6}\}|\\left|\\right|\\frac|\\sqrt|\\def\\a|\\a|[{}\[\]()#&%~^_<>'$0-9a-c ]|\\\\|é){0,20}") {
        let mut out = String::new();
        math::write(&mut out, &latex, true, &mut math::Budget::default());
    }
}
