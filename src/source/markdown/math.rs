//! Formulas: LaTeX to MathML.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::Content;
use pulldown_latex::{Event, Parser, ParserError, Storage, mathml};
use std::error::Error;

/// The longest formula, in bytes.
const LONGEST: usize = 10_000;

/// The deepest braces of a formula.
const DEEPEST: usize = 100;

/// How many events the formulas of a body may make: macros can make many of few letters.
const MOST_EVENTS: usize = 1_000_000;

/// What the formulas of one body may still cost.
pub(super) struct Budget(usize);

impl Budget {
    /// Allows so many events.
    pub(super) fn of(events: usize) -> Self {
        Self(events)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_EVENTS)
    }
}

/// Tells what is wrong with a formula, if anything is.
pub(super) fn fault(latex: &str, budget: &mut Budget) -> Option<String> {
    let storage = Storage::new();
    events(latex, &storage, budget).err()
}

/// Writes a formula as MathML; one with a fault as code.
pub(super) fn write(out: &mut String, latex: &str, is_display: bool, budget: &mut Budget) {
    let storage = Storage::new();
    let config = RenderConfig {
        display_mode: match is_display {
            true => DisplayMode::Block,
            false => DisplayMode::Inline,
        },
        ..RenderConfig::default()
    };
    let written = events(latex, &storage, budget).ok().and_then(|events| {
        let events = events
            .into_iter()
            .map(|event| Ok::<_, ParserError>(escapable(event)));
        let mut mathml = String::with_capacity(256);
        mathml::push_mathml(&mut mathml, events, config).ok()?;
        Some(mathml)
    });
    match written {
        Some(mathml) if is_display => {
            // A wide formula scrolls, so the keyboard must reach it; `math` itself takes no tabindex.
            out.push_str("<span class=\"formula\" tabindex=\"0\">");
            super::text::verbatim(out, &mended(mathml));
            out.push_str("</span>");
        }
        Some(mathml) => super::text::verbatim(out, &mended(mathml)),
        None => {
            out.push_str("<code class=\"math\">");
            super::text::escape(out, latex);
            out.push_str("</code>");
        }
    }
}

/// Makes text of a function's name that would have to be escaped: only texts are.
fn escapable(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Content(Content::Function(name)) if name.contains(['<', '>', '&']) => {
            Event::Content(Content::Text(name))
        }
        event => event,
    }
}

/// Escapes operators, parts attributes, and takes the space before a function out of its scripts,
/// where the library does not.
fn mended(mathml: String) -> String {
    const FLAWS: [(&str, &str); 10] = [
        (
            "<msub><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><msub>",
        ),
        (
            "<msup><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><msup>",
        ),
        (
            "<msubsup><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><msubsup>",
        ),
        (
            "<munder><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><munder>",
        ),
        (
            "<mover><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><mover>",
        ),
        (
            "<munderover><mspace width=\"0.1667em\" />",
            "<mspace width=\"0.1667em\" /><munderover>",
        ),
        ("><<", ">&lt;<"),
        ("><\u{338}", ">&lt;\u{338}"),
        (">&<", ">&amp;<"),
        ("\"minsize=", "\" minsize="),
    ];
    FLAWS.into_iter().fold(mathml, |mathml, (flaw, mended)| {
        match mathml.contains(flaw) {
            true => mathml.replace(flaw, mended),
            false => mathml,
        }
    })
}

fn events<'a>(
    latex: &'a str,
    storage: &'a Storage,
    budget: &mut Budget,
) -> Result<Vec<Event<'a>>, String> {
    if latex.len() > LONGEST {
        return Err(format!("a formula is longer than {LONGEST} bytes"));
    }
    if depth(latex) > DEEPEST {
        return Err(format!("a formula is nested deeper than {DEEPEST} braces"));
    }
    let mut events = Vec::new();
    for event in Parser::new(latex, storage) {
        if budget.0 == 0 {
            return Err("the formulas of this page are too large".to_owned());
        }
        budget.0 -= 1;
        events.push(event.map_err(|error| said(&error))?);
    }
    Ok(events)
}

/// Returns how deep braces, `\left` and `\begin` are in one another, at most.
fn depth(latex: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let bytes = latex.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let rest = &bytes[at..];
        if *byte == b'{' || rest.starts_with(b"\\left") || rest.starts_with(b"\\begin") {
            depth += 1;
            deepest = deepest.max(depth);
        } else if *byte == b'}' || rest.starts_with(b"\\right") || rest.starts_with(b"\\end") {
            depth = depth.saturating_sub(1);
        }
    }
    deepest
}

fn said(error: &ParserError) -> String {
    let reason = error.source().map(ToString::to_string);
    let reason = reason.unwrap_or_else(|| "it cannot be read".to_owned());
    format!("a formula is wrong: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_mathml() {
        let mut out = String::new();
        write(&mut out, "a < \\frac{1}{2}", false, &mut Budget::default());
        assert!(out.starts_with("<math"), "{out}");
        assert!(out.contains("<mfrac>") && out.contains("&lt;"), "{out}");
        let mut out = String::new();
        write(&mut out, "x", true, &mut Budget::default());
        assert!(
            out.starts_with("<span class=\"formula\" tabindex=\"0\"><math display=\"block\""),
            "{out}"
        );
        assert!(out.ends_with("</math></span>"), "{out}");
    }

    #[test]
    fn a_wrong_formula_is_a_fault_and_shown_as_code() {
        let check = |latex: &str, expect: &str| {
            let fault = fault(latex, &mut Budget::default()).unwrap_or_default();
            assert!(fault.contains(expect), "{latex:?}: {fault}");
            let mut out = String::new();
            write(&mut out, latex, false, &mut Budget::default());
            assert!(out.starts_with("<code class=\"math\">"), "{out}");
        };
        check("\\frac{1}{", "wrong");
        check("\\nosuchcommand", "wrong");
        check(&"{".repeat(200), "nested deeper");
        check(&"x".repeat(20_000), "longer");
    }

    #[test]
    fn text_in_a_formula_is_escaped() {
        let mut out = String::new();
        let latex = "\\text{<script>alert(1)</script>}";
        write(&mut out, latex, false, &mut Budget::default());
        assert!(!out.contains("<script"), "{out}");
    }

    #[test]
    fn operators_and_names_are_escaped() {
        let check = |latex: &str, expect: &str| {
            let mut out = String::new();
            write(&mut out, latex, false, &mut Budget::default());
            assert!(out.contains(expect), "{latex:?}: {out}");
        };
        check("a<b", ">&lt;</mo>");
        check("a \\not< b", ">&lt;\u{338}</mo>");
        check("a \\& b", "&amp;<");
        check("\\operatorname{<img onerror=x>}", "&lt;img");
    }

    #[test]
    fn the_space_before_a_function_is_not_its_base() {
        let check = |latex: &str, tag: &str| {
            let mut out = String::new();
            write(&mut out, latex, true, &mut Budget::default());
            let expect = format!("<mspace width=\"0.1667em\" /><{tag}><mi>");
            assert!(out.contains(&expect), "{latex:?}: {out}");
        };
        check("10 \\log_{10} x", "msub");
        check("2 \\sin^2 x", "msup");
        check("2 \\log_2^3 x", "msubsup");
    }

    #[test]
    fn macros_cannot_make_formulas_without_end() {
        let latex = "\\def\\a{xxxxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b}\\c\\c\\c";
        let mut budget = Budget(100);
        let fault = fault(latex, &mut budget).unwrap_or_default();
        assert!(fault.contains("too large"), "{fault}");
    }
}
