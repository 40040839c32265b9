//! Tables for people: columns that stand below each other.

/// Writes rows with their columns aligned, two spaces apart.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{:<width$}  ", plain(cell)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Puts a number before its noun.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Says how many bodies of articles there are.
pub(super) fn bodies(number: usize) -> String {
    match number {
        1 => "1 body".to_owned(),
        _ => format!("{number} bodies"),
    }
}

/// Says how many bytes there are, to three figures.
pub(super) fn size(bytes: u64) -> String {
    let mut number = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if number < 999.5 {
            let decimals = usize::from(unit != "B" && number < 99.95);
            return format!("{number:.decimals$} {unit}");
        }
        number /= 1000.0;
    }
    format!("{number:.1} TB")
}

/// Keeps what the site says from steering the terminal.
fn plain(cell: &str) -> String {
    cell.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["größer", "1"], ["a\u{1b}\n", ""], ["", "3"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "größer  1\na\n        3\n");
    }

    #[test]
    fn sizes_have_up_to_three_figures() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (99_950, "100 kB"),
            (12_345_678, "12.3 MB"),
        ];
        for (bytes, expect) in cases {
            assert_eq!(size(bytes), expect);
        }
    }
}
