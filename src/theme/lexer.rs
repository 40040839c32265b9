//! The words inside a template's tags, with their places.
//!
//! Tera does not say where a variable stands, and has no bound on the work of a template. This
//! reads tags just far enough to find names, and to count the steps of loops: every list that is
//! looped over passes through the filter `steps`, every component begins with one, and what is put
//! together and kept passes through `sized`.

use std::ops::Range;

/// A word or sign inside a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it stands: bytes of the template.
    pub(super) range: Range<usize>,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `{{`, `{%` and the like.
    Open,
    /// `}}`, `%}` and the like.
    Close,
    /// A name.
    Name,
    /// A quoted text or a number.
    Literal,
    /// One character of anything else.
    Sign(char),
}

/// Returns the tokens of every tag, in order. Comments and `{% raw %}` have none.
pub(super) fn tokens(template: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(found) = template[at..].find('{').map(|found| at + found) {
        let rest = &template[found..];
        if rest.starts_with("{#") {
            at = rest
                .find("#}")
                .map_or(template.len(), |end| found + end + 2);
        } else if rest.starts_with("{{") || rest.starts_with("{%") {
            let first = tokens.len();
            at = tag(template, found, &mut tokens);
            let is_raw = tokens
                .get(first + 1)
                .is_some_and(|token: &Token| &template[token.range.clone()] == "raw");
            if is_raw && rest.starts_with("{%") {
                tokens.truncate(first);
                at = end_of_raw(template, at);
            }
        } else {
            at = found + 1;
        }
    }
    tokens
}

fn end_of_raw(template: &str, mut at: usize) -> usize {
    while let Some(found) = template[at..].find("{%").map(|found| at + found) {
        let inner = template[found + 2..].trim_start_matches('-').trim_start();
        if inner.starts_with("endraw") {
            return template[found..]
                .find("%}")
                .map_or(template.len(), |end| found + end + 2);
        }
        at = found + 2;
    }
    template.len()
}

/// Reads one tag that begins at `start`; returns where it ends.
fn tag(template: &str, start: usize, tokens: &mut Vec<Token>) -> usize {
    let close = if template[start..].starts_with("{{") {
        "}}"
    } else {
        "%}"
    };
    let mut push = |kind, range| tokens.push(Token { kind, range });
    let open = start + 2 + usize::from(template[start + 2..].starts_with('-'));
    push(TokenKind::Open, start..open);
    let mut at = open;
    let mut braces = 0usize;
    while let Some(first) = template[at..].chars().next() {
        let rest = &template[at..];
        let ends = braces == 0
            && (rest.starts_with(close)
                || rest
                    .strip_prefix('-')
                    .is_some_and(|rest| rest.starts_with(close)));
        if ends {
            let end = at + close.len() + usize::from(rest.starts_with('-'));
            push(TokenKind::Close, at..end);
            return end;
        }
        let length = match first {
            '"' | '\'' | '`' => {
                let length = quoted(rest, first);
                push(TokenKind::Literal, at..at + length);
                length
            }
            _ if first.is_alphabetic() || first == '_' => {
                let length = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                push(TokenKind::Name, at..at + length);
                length
            }
            _ if first.is_ascii_digit() => {
                let length = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                push(TokenKind::Literal, at..at + length);
                length
            }
            _ => {
                if !first.is_whitespace() {
                    push(TokenKind::Sign(first), at..at + first.len_utf8());
                }
                match first {
                    '{' => braces += 1,
                    '}' => braces = braces.saturating_sub(1),
                    _ => {}
                }
                first.len_utf8()
            }
        };
        at += length;
    }
    template.len()
}

/// Returns the length of a quoted text with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A template whose loops count their steps, and the way back to its own text.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// The text that Tera reads.
    pub(super) text: String,
    /// What was put in: where in the own text, and how many bytes.
    inserted: Vec<(usize, usize)>,
}

impl Counted {
    /// Makes the loops and components of a template count their steps.
    pub(super) fn new(template: &str) -> Self {
        let tokens = tokens(template);
        let mut inserts: Vec<(usize, &str)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let word = &template[token.range.clone()];
            let is_tag = at > 0 && tokens[at - 1].kind == TokenKind::Open;
            if token.kind != TokenKind::Name {
                continue;
            }
            match word {
                "for" => inserts.extend(
                    looped(template, &tokens, at)
                        .into_iter()
                        .flat_map(|list| [(list.start, "("), (list.end, ")|steps")]),
                ),
                "set" | "set_global" if is_tag => inserts.extend(kept(&tokens[at + 1..])),
                "component" if is_tag => {
                    let close = tokens[at..]
                        .iter()
                        .find(|token| token.kind == TokenKind::Close);
                    if let Some(close) = close {
                        let trims = template[close.range.clone()].starts_with('-');
                        let count = if trims {
                            "{% set __step=1|steps -%}"
                        } else {
                            "{% set __step=1|steps %}"
                        };
                        inserts.push((close.range.end, count));
                    }
                }
                _ => {}
            }
        }
        inserts.sort_by_key(|(at, _)| *at);
        let mut text = String::with_capacity(template.len() + inserts.len() * 8);
        let mut copied = 0;
        for (at, insert) in &inserts {
            text.push_str(&template[copied..*at]);
            text.push_str(insert);
            copied = *at;
        }
        text.push_str(&template[copied..]);
        Self {
            text,
            inserted: inserts
                .into_iter()
                .map(|(at, insert)| (at, insert.len()))
                .collect(),
        }
    }

    /// Returns where a byte of the text that Tera reads stands in the template's own text.
    pub(super) fn original(&self, at: usize) -> usize {
        let mut shift = 0;
        for (own, length) in &self.inserted {
            if own + shift >= at {
                break;
            }
            shift += (*length).min(at - own - shift);
        }
        at - shift
    }
}

/// Returns what makes a `set` look at the size of what it keeps, where that can grow: a value that
/// is put together, and the text of a block.
fn kept(tokens: &[Token]) -> Vec<(usize, &'static str)> {
    let tag: Vec<&Token> = tokens
        .iter()
        .take_while(|token| token.kind != TokenKind::Close)
        .collect();
    match tag.as_slice() {
        [_, equals, value @ ..] if equals.kind == TokenKind::Sign('=') => {
            let grows =
                |token: &&Token| matches!(token.kind, TokenKind::Sign('~' | '+' | '|' | '['));
            match (value.first(), value.last()) {
                (Some(first), Some(last)) if value.iter().any(grows) => {
                    vec![(first.range.start, "("), (last.range.end, ")|sized")]
                }
                _ => Vec::new(),
            }
        }
        [.., last] => vec![(last.range.end, "|sized")],
        [] => Vec::new(),
    }
}

/// Returns the list that a `for` at token `at` loops over: from after `in` to the tag's end, or in
/// a comprehension to its `if` or `]`.
fn looped(template: &str, tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let is_tag = tokens[at - 1].kind == TokenKind::Open;
    let word = |token: &Token| &template[token.range.clone()];
    // `for`, one or two names with a comma, `in`.
    let within = at + 2..(at + 5).min(tokens.len());
    let after = within
        .into_iter()
        .find(|next| word(&tokens[*next]) == "in")?
        + 1;
    let mut depth = 0usize;
    let mut end = None;
    for token in &tokens[after..] {
        match token.kind {
            TokenKind::Close => break,
            TokenKind::Sign('(' | '[' | '{') => depth += 1,
            TokenKind::Sign(']') if depth == 0 && !is_tag => break,
            TokenKind::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            TokenKind::Name if depth == 0 && !is_tag && word(token) == "if" => break,
            _ => {}
        }
        end = Some(token.range.end);
    }
    Some(tokens[after].range.start..end?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(template: &str) -> String {
        Counted::new(template).text
    }

    #[test]
    fn loops_count_their_steps() {
        let check = |template: &str, expect: &str| assert_eq!(counted(template), expect);
        check(
            "{% for a in articles -%}x{% endfor %}",
            "{% for a in (articles)|steps -%}x{% endfor %}",
        );
        check(
            "{% for k, v in m.x[0] %}",
            "{% for k, v in (m.x[0])|steps %}",
        );
        check(
            "{{ [a for a in f(x=[1]) if a] }}",
            "{{ [a for a in (f(x=[1]))|steps if a] }}",
        );
        check(
            "for a in b {{ \"for a in b\" }}{# {% for a in b %} #}",
            "for a in b {{ \"for a in b\" }}{# {% for a in b %} #}",
        );
        check(
            "{% raw %}{% for a in b %}{% endraw %}",
            "{% raw %}{% for a in b %}{% endraw %}",
        );
    }

    #[test]
    fn what_is_kept_and_can_grow_is_looked_at() {
        let check = |template: &str, expect: &str| assert_eq!(counted(template), expect);
        check("{% set a = b.c %}", "{% set a = b.c %}");
        check("{% set a = a ~ a %}", "{% set a = (a ~ a)|sized %}");
        check(
            "{%- set_global a = [a, a] -%}",
            "{%- set_global a = ([a, a])|sized -%}",
        );
        check("{% set a %}x{% endset %}", "{% set a|sized %}x{% endset %}");
        check(
            "{% set a | upper %}x{% endset %}",
            "{% set a | upper|sized %}x{% endset %}",
        );
        check(
            "{% set a = [b for b in c] %}",
            "{% set a = ([b for b in (c)|steps])|sized %}",
        );
    }

    #[test]
    fn components_count_a_step() {
        assert_eq!(
            counted("{% component a(b: String) -%} x"),
            "{% component a(b: String) -%}{% set __step=1|steps -%} x"
        );
    }

    #[test]
    fn every_place_is_found_back() {
        let template = "{% for a in articles %}{{ a.b }}{% endfor %}";
        let counted = Counted::new(template);
        for word in ["articles", "a.b", "endfor"] {
            let there = counted.text.find(word).expect("it is there");
            assert_eq!(
                counted.original(there),
                template.find(word).expect("it is there"),
                "{word}"
            );
        }
    }

    #[test]
    fn an_unclosed_tag_ends_with_the_template() {
        assert_eq!(tokens("{{ a").len(), 2);
        assert_eq!(tokens("{{ 'a").len(), 2);
        assert_eq!(tokens("{% raw %}").len(), 0);
    }
}
