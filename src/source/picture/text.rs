//! Texts of metadata, as programs of all times have left them.

/// Returns a text without what surrounds it: blanks, zero bytes, a line's end; none where nothing is
/// left.
pub(super) fn cleaned(text: &str) -> Option<String> {
    let is_edge = |c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}';
    let text = text.split('\0').next().unwrap_or_default();
    let text = text.trim_matches(is_edge);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    (!text.is_empty()).then_some(text)
}
