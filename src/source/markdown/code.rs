//! Code in colours: classes when a page is made, one style sheet for light and dark.

use super::text::escape;
use std::fmt::Write as _;
use std::sync::OnceLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// How much code of a body is highlighted, in bytes; the rest is plain.
pub(super) const MOST_CODE: usize = 200_000;

/// The longest line that is highlighted, in bytes: grammars are slow on minified code.
const LONGEST_LINE: usize = 2_000;

/// What a stretch of code is.
struct Class {
    /// The class in HTML.
    name: &'static str,
    /// Scopes, by Sublime Text's naming; a longer one wins over a shorter, a later over an earlier.
    scopes: &'static [&'static str],
    /// The colour on [`PAPER`]`.0`.
    light: &'static str,
    /// The colour on [`PAPER`]`.1`.
    dark: &'static str,
    /// What else is said of its looks.
    style: &'static str,
}

/// The colours behind code, light and dark. Every colour has a contrast of 4.5 at least on its own
/// (WCAG 2.2, success criterion 1.4.3).
const PAPER: (&str, &str) = ("#f6f6f4", "#1b1d21");

/// The colours of code that has no class, light and dark.
const INK: (&str, &str) = ("#24292f", "#e3e5e8");

const CLASSES: [Class; 10] = [
    Class {
        name: "s-c",
        scopes: &["comment", "punctuation.definition.comment"],
        light: "#5f6670",
        dark: "#9aa3ad",
        style: ";font-style:italic",
    },
    Class {
        name: "s-s",
        scopes: &["string", "punctuation.definition.string", "markup.inserted"],
        light: "#1f6b34",
        dark: "#98cf8f",
        style: "",
    },
    Class {
        name: "s-e",
        scopes: &["constant.character.escape", "string.regexp"],
        light: "#8a4b00",
        dark: "#e8b56d",
        style: "",
    },
    Class {
        name: "s-n",
        scopes: &["constant"],
        light: "#0a5f8f",
        dark: "#7cc7ec",
        style: "",
    },
    Class {
        name: "s-k",
        scopes: &["keyword", "storage", "variable.language", "markup.deleted"],
        light: "#a3204f",
        dark: "#f293ab",
        style: "",
    },
    Class {
        name: "s-o",
        scopes: &["keyword.operator"],
        light: "#5a5f66",
        dark: "#b7bec7",
        style: "",
    },
    Class {
        name: "s-f",
        scopes: &[
            "entity.name.function",
            "support.function",
            "variable.function",
            "meta.function-call.identifier",
        ],
        light: "#5b3fa8",
        dark: "#c3abf5",
        style: "",
    },
    Class {
        name: "s-t",
        scopes: &[
            "entity.name",
            "support.type",
            "support.class",
            "storage.type.primitive",
            "entity.other.inherited-class",
            "markup.heading",
        ],
        light: "#006b6b",
        dark: "#6fd0c8",
        style: "",
    },
    Class {
        name: "s-a",
        scopes: &[
            "entity.other.attribute-name",
            "variable.parameter",
            "variable.other.member",
            "support.type.property-name",
        ],
        light: "#7a4a12",
        dark: "#e0bd8f",
        style: "",
    },
    Class {
        name: "s-p",
        scopes: &["punctuation"],
        light: "#5a5f66",
        dark: "#b7bec7",
        style: "",
    },
];

/// The grammars, and what scopes mean.
struct Grammars {
    syntaxes: SyntaxSet,
    /// Scopes with the index of their class.
    scopes: Vec<(Scope, usize)>,
}

fn grammars() -> &'static Grammars {
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    GRAMMARS.get_or_init(|| {
        let mut scopes = Vec::new();
        for (index, class) in CLASSES.iter().enumerate() {
            for name in class.scopes {
                scopes.extend(Scope::new(name).ok().map(|scope| (scope, index)));
            }
        }
        // The longest come first, as the first that fits is taken.
        scopes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        Grammars {
            syntaxes: SyntaxSet::load_defaults_newlines(),
            scopes,
        }
    })
}

/// Writes code with classes; false, and nothing written, where its language is not known or its
/// grammar fails.
pub(super) fn write(out: &mut String, language: &str, code: &str) -> bool {
    let Some(syntax) = syntax(language) else {
        return false;
    };
    let start = out.len();
    let is_written = highlight(out, syntax, code).is_some();
    if !is_written {
        out.truncate(start);
    }
    is_written
}

/// Finds the grammar of a language by its name or the ending of its files.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language {
        "" | "text" | "txt" | "plain" | "plaintext" => return None,
        "shell" | "console" | "zsh" | "shell-session" => "sh",
        "typescript" | "ts" | "jsx" | "tsx" | "mjs" | "json5" | "node" => "js",
        "jsonc" | "jsonl" => "json",
        "c#" | "csharp" => "cs",
        "c++" | "cxx" => "cpp",
        "golang" => "go",
        "python3" | "py3" => "py",
        "docker" | "containerfile" => "dockerfile",
        language => language,
    };
    let syntaxes = &grammars().syntaxes;
    let found = syntaxes.find_syntax_by_token(language)?;
    (found.name != "Plain Text").then_some(found)
}

fn highlight(out: &mut String, syntax: &SyntaxReference, code: &str) -> Option<()> {
    let grammars = grammars();
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut spans = Spans { out, open: None };
    for line in code.split_inclusive('\n') {
        if line.len() > LONGEST_LINE {
            return None;
        }
        let operations = state.parse_line(line, &grammars.syntaxes).ok()?;
        let mut from = 0;
        for (at, operation) in operations {
            spans.write(line.get(from..at)?, &stack, grammars);
            from = at;
            stack.apply(&operation).ok()?;
        }
        spans.write(line.get(from..)?, &stack, grammars);
    }
    spans.close();
    Some(())
}

/// Writes stretches of code, neighbours of one class in one element.
struct Spans<'o> {
    out: &'o mut String,
    open: Option<usize>,
}

impl Spans<'_> {
    fn write(&mut self, code: &str, stack: &ScopeStack, grammars: &Grammars) {
        if code.is_empty() {
            return;
        }
        let is_blank = code.bytes().all(|byte| byte.is_ascii_whitespace());
        let class = if is_blank {
            self.open
        } else {
            class(stack, grammars)
        };
        if class != self.open {
            self.close();
            if let Some(index) = class {
                let _ = write!(self.out, "<span class=\"{}\">", CLASSES[index].name);
                self.open = class;
            }
        }
        escape(self.out, code);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }
}

/// Returns the class of the innermost scope that has one.
fn class(stack: &ScopeStack, grammars: &Grammars) -> Option<usize> {
    let mut scopes = stack.as_slice().iter().rev();
    scopes.find_map(|scope| {
        let mut known = grammars.scopes.iter();
        let found = known.find(|(prefix, _)| prefix.is_prefix_of(*scope));
        found.map(|(_, class)| *class)
    })
}

/// Returns the style sheet of highlighted code. The colours are custom properties, so that a theme
/// with a switch of its own can set them.
pub(super) fn css() -> String {
    let mut css = String::with_capacity(2000);
    colours(&mut css, PAPER.0, INK.0, |class| class.light);
    css.push_str("@media (prefers-color-scheme:dark){");
    colours(&mut css, PAPER.1, INK.1, |class| class.dark);
    css.push_str("}.code{background:var(--s-paper);color:var(--s-ink)}");
    for Class { name, style, .. } in &CLASSES {
        let _ = write!(css, ".{name}{{color:var(--{name}){style}}}");
    }
    css
}

fn colours(css: &mut String, paper: &str, ink: &str, colour: fn(&Class) -> &'static str) {
    let _ = write!(css, ":root{{--s-paper:{paper};--s-ink:{ink}");
    for class in &CLASSES {
        let _ = write!(css, ";--{}:{}", class.name, colour(class));
    }
    css.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, code: &str, expect: &str) {
        let mut out = String::new();
        assert!(write(&mut out, language, code), "{language}");
        assert_eq!(out, expect);
    }

    #[test]
    fn code_gets_few_classes_and_keeps_its_text() {
        check(
            "rust",
            "fn main() { // <hi>\n}\n",
            "<span class=\"s-k\">fn </span><span class=\"s-f\">main</span>\
             <span class=\"s-p\">() { </span><span class=\"s-c\">// &lt;hi&gt;\n</span>\
             <span class=\"s-p\">}\n</span>",
        );
        check(
            "json",
            "{\"a\": 1}",
            "<span class=\"s-p\">{</span><span class=\"s-s\">&quot;a&quot;</span>\
             <span class=\"s-p\">: </span><span class=\"s-n\">1</span><span class=\"s-p\">}</span>",
        );
    }

    #[test]
    fn an_unknown_language_is_left_alone() {
        for language in ["", "text", "no-such-language", "Plain Text"] {
            let mut out = String::from("before");
            assert!(!write(&mut out, language, "x = 1\n"), "{language}");
            assert_eq!(out, "before");
        }
    }

    #[test]
    fn a_minified_line_is_left_alone() {
        let mut out = String::new();
        assert!(!write(&mut out, "js", &"a=1;".repeat(1000)));
        assert_eq!(out, "");
    }

    #[test]
    fn every_colour_can_be_read_on_its_paper() {
        let channel = |text: &str| {
            let value = f64::from(u8::from_str_radix(text, 16).expect("two digits")) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        let luminance = |colour: &str| {
            0.2126 * channel(&colour[1..3])
                + 0.7152 * channel(&colour[3..5])
                + 0.0722 * channel(&colour[5..7])
        };
        let contrast = |a: &str, b: &str| {
            let (a, b) = (luminance(a), luminance(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        let colours = CLASSES.iter().map(|class| (class.light, class.dark));
        for (light, dark) in colours.chain([INK]) {
            assert!(
                contrast(light, PAPER.0) >= 4.5,
                "{light} {}",
                contrast(light, PAPER.0)
            );
            assert!(
                contrast(dark, PAPER.1) >= 4.5,
                "{dark} {}",
                contrast(dark, PAPER.1)
            );
        }
    }

    #[test]
    fn the_style_sheet_is_small_and_names_every_class() {
        let css = css();
        assert!(css.len() < 2000, "{}", css.len());
        for class in &CLASSES {
            assert!(css.contains(&format!(".{}{{", class.name)), "{css}");
        }
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }
}
