//! Bodies that are made to be slow, deep or large.

use super::*;

/// Reads a body in both passes with little stack, as threads of a site's build have; returns the
/// faults, the HTML and the milliseconds that the thread worked.
#[track_caller]
fn worked(body: &str) -> (Vec<Fault>, String, u64) {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn_scoped(scope, || {
                let mut out = String::new();
                let (_, faults) = outlined(body);
                html(body, 0, &settings(), &site(), &site(), &mut out);
                (faults, out, milliseconds())
            });
        let reader = reader.expect("a thread starts");
        reader.join().expect("no body is a crash")
    })
}

#[track_caller]
fn strain(body: &str) -> (Vec<Fault>, String) {
    let (faults, html, _) = worked(body);
    (faults, html)
}

/// Checks that a body four times as large is about four times the work, not sixteen times. What is
/// counted is the thread's own work, whatever else the machine does.
#[track_caller]
fn check_linear(make: impl Fn(usize) -> String, count: usize) {
    let work = |count: usize| worked(&make(count)).2;
    let (small, large) = (work(count / 4), work(count));
    assert!(
        large < 10 * small.max(20),
        "a quarter is {small} ms of work, the whole {large} ms"
    );
}

/// Returns how long this thread has worked, in milliseconds, as the system counts it.
#[expect(clippy::disallowed_methods, reason = "the system tells it in a file")]
fn milliseconds() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells it");
    let nanoseconds = told.split(' ').next().expect("it begins with a number");
    nanoseconds.parse::<u64>().expect("it is a number") / 1_000_000
}

#[test]
fn deep_nesting_is_linear_and_needs_little_stack() {
    check_linear(|n| "[".repeat(n), 25_000);
    check_linear(|n| format!("{}x", "> ".repeat(n)), 10_000);
    check_linear(
        |n| {
            (0..n / 20)
                .map(|depth| format!("{}- x\n", "  ".repeat(depth)))
                .collect()
        },
        10_000,
    );
    check_linear(|n| format!("{}a{}", "*".repeat(n), "*".repeat(n)), 20_000);
    check_linear(|n| "{{< note >}}\n".repeat(n), 10_000);
    check_linear(
        |n| format!("{}{}", "{{< note >}}\n".repeat(n), "{{< /x >}}\n".repeat(n)),
        10_000,
    );
    let (_, html) = strain(&format!("{}x", "> ".repeat(10_000)));
    assert!(html.contains('x') && html.matches("<blockquote>").count() <= 200);
}

#[test]
fn emphasis_is_linear() {
    check_linear(|n| "*a **a ".repeat(n), 15_000);
    check_linear(|n| format!("a**b{}", "c* ".repeat(n)), 25_000);
    check_linear(|n| "*a_ ".repeat(n), 25_000);
    check_linear(|n| "~a^b ".repeat(n), 25_000);
    check_linear(|n| "a^".repeat(n), 25_000);
    check_linear(|n| "$a{".repeat(n), 25_000);
}

#[test]
fn unfinished_links_are_linear() {
    check_linear(|n| "[a](<b".repeat(n), 30_000);
    check_linear(|n| "[a](b".repeat(n), 30_000);
    check_linear(|n| "![[]()".repeat(n), 60_000);
    check_linear(|n| "[a]{b=\"".repeat(n), 30_000);
    check_linear(|n| "){a=b ".repeat(n), 30_000);
    check_linear(|n| "{{< x \"".repeat(n), 30_000);
    check_linear(|n| "{{< x >}}".repeat(n), 30_000);
}

#[test]
fn unfinished_code_and_html_are_linear() {
    check_linear(
        |n| {
            (1..n)
                .map(|length| format!("{} ", "`".repeat(length)))
                .collect()
        },
        1_000,
    );
    check_linear(|n| "</<!--".repeat(n), 100_000);
    check_linear(|n| "<a href=\"".repeat(n), 30_000);
    check_linear(|n| "<!-- more".repeat(n), 30_000);
}

#[test]
fn empty_lines_in_deep_lists_are_linear() {
    check_linear(|n| format!("{}x{}", "- ".repeat(n), "\n".repeat(n)), 10_000);
    check_linear(
        |n| format!("> {}x{}", "- ".repeat(n), "\n> ".repeat(n)),
        10_000,
    );
}

#[test]
fn uses_of_link_definitions_are_limited() {
    check_linear(
        |n| (0..n).map(|name| format!("[{name}]: /{name}\n")).collect(),
        50_000,
    );
    let body = format!("[a]: /{}\n\n{}", "x".repeat(50_000), "[a] ".repeat(20_000));
    let (faults, html) = strain(&body);
    assert!(html.len() < 1_000_000, "{}", html.len());
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].message.contains("add up to more than"),
        "{}",
        faults[0].message
    );
}

#[test]
fn tables_have_limits() {
    let row = |cell: &str, columns: usize| format!("|{}\n", format!("{cell}|").repeat(columns));
    let table = |columns: usize| row("a", columns) + &row("-", columns);
    let (faults, _) = strain(&table(20_000));
    assert!(
        faults
            .iter()
            .any(|fault| fault.message == "a table has 20000 columns"),
        "{faults:?}"
    );
    let (faults, html) = strain(&(table(500) + &"|a|\n".repeat(20_000)));
    assert!(
        faults
            .iter()
            .any(|fault| fault.message.contains("too many cells")),
        "{faults:?}"
    );
    assert!(html.len() < 20_000_000, "{}", html.len());
    assert_eq!(outlined(&(table(10) + &row("b", 10).repeat(100))).1, []);
}

#[test]
fn footnotes_are_linear() {
    let many = |n: usize| -> String {
        (0..n)
            .map(|note| format!("a[^{note}]\n\n[^{note}]: b\n\n"))
            .collect()
    };
    check_linear(many, 5_000);
    let chain = |n: usize| -> String {
        let notes = (0..n).map(|note| format!("[^{note}]: b[^{}] c[^{note}]\n\n", note + 1));
        format!("a[^0]\n\n{}", notes.collect::<String>())
    };
    check_linear(chain, 3_000);
}

#[test]
fn equal_headings_are_linear() {
    check_linear(|n| "# a\n".repeat(n), 50_000);
    let shown = shown(&"# a\n".repeat(1_000));
    assert_eq!(shown.headings.get()[999].id, "a-999");
}

#[test]
fn a_line_of_five_megabytes_is_read() {
    let (faults, html) = strain(&"word *word* ".repeat(5_000_000 / 12));
    assert_eq!(faults, []);
    assert!(html.len() > 5_000_000);
}
