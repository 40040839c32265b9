//! What filters return.

use super::*;
use crate::source::config::RawHtml;
use proptest::prelude::*;
use tera::Context;

fn settings(language: &str, time_zone: &str) -> FilterSettings {
    FilterSettings {
        language: language.to_owned(),
        time_zone: TimeZone::get(time_zone).expect("a zone of the test"),
        base_url: "https://gazette.example".to_owned(),
        slugs: SlugStyle::Unicode,
        markdown: Markdown {
            plain: false,
            smart_punctuation: true,
            raw_html: RawHtml::Pass,
            highlight: true,
            math: true,
            words_per_minute: 238,
            characters_per_minute: 500,
        },
    }
}

fn tera(language: &str, time_zone: &str) -> Tera {
    let mut tera = Tera::default();
    register(&mut tera, &settings(language, time_zone));
    tera
}

fn render(template: &str) -> Result<String, String> {
    render_in("en", "UTC", template)
}

fn render_in(language: &str, zone: &str, template: &str) -> Result<String, String> {
    tera(language, zone)
        .render_str(template, &Context::new(), true)
        .map_err(|error| match error.kind() {
            tera::ErrorKind::RenderingError(report) => report.message().to_owned(),
            other => other.to_string(),
        })
}

fn check(template: &str, expect: &str) {
    assert_eq!(render(template).as_deref(), Ok(expect), "{template}");
}

fn check_fault(template: &str, expect: &str) {
    assert_eq!(render(template).expect_err(template), expect, "{template}");
}

#[test]
fn every_example_prints_what_the_manual_says() {
    for entry in FILTERS.iter().chain(TESTS) {
        let printed =
            render(entry.example).unwrap_or_else(|fault| panic!("{}: {fault}", entry.name));
        assert_eq!(printed, entry.result, "{}", entry.name);
        assert!(entry.example.contains(entry.name), "{}", entry.name);
    }
}

/// Tera tells how many filters and tests it has, and refuses a template that names another one.
#[test]
fn what_is_registered_is_documented_and_nothing_else() {
    let tera = tera("en", "UTC");
    let shown = format!("{tera:?}");
    assert!(
        shown.contains(&format!("filters: {},", FILTERS.len())),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("tests: {},", TESTS.len())),
        "{shown}"
    );
    for entry in FILTERS {
        let template = format!("{{{{ 1 | {} }}}}", entry.name);
        let unknown = format!("{:?}", tera.clone().add_raw_template("a", &template));
        assert!(!unknown.contains("nknown"), "{unknown}");
    }
    assert!(
        tera.clone()
            .add_raw_template("a", "{{ 1 | dtae }}")
            .is_err()
    );
    for list in [FILTERS, TESTS] {
        assert!(list.is_sorted_by(|a, b| a.name < b.name));
    }
}

#[test]
fn an_unknown_argument_is_refused_with_the_nearest_name() {
    check_fault(
        "{{ '2024-11-21' | date(fromat='%Y') }}",
        "`date` has no argument `fromat`; did you mean `format`?",
    );
    check_fault(
        "{{ 'a' | initials(x=1) }}",
        "`initials` has no argument `x`",
    );
    check_fault(
        "{{ 'a' is external(x=1) }}",
        "`external` has no argument `x`",
    );
}

#[test]
fn a_date_is_written_in_its_language() {
    let check = |language: &str, arguments: &str, expect: &str| {
        let template = format!("{{{{ '2024-11-21T16:32:00+00:00' | date{arguments} }}}}");
        let printed = render_in(language, "UTC", &template).expect("a date");
        // CLDR puts narrow spaces that do not break before `PM`.
        assert_eq!(
            printed.replace('\u{202f}', " "),
            expect,
            "{language} {arguments}"
        );
    };
    check("en", "", "November 21, 2024");
    check("en", "(length='short')", "11/21/24");
    check("en", "(length='medium')", "Nov 21, 2024");
    check("en", "(length='full')", "Thursday, November 21, 2024");
    check("en", "(time=true)", "November 21, 2024 at 4:32 PM");
    check("en", "(time='only')", "4:32 PM");
    check("en-GB", "(time=true)", "21 November 2024 at 16:32");
    check("de", "(length='full')", "Donnerstag, 21. November 2024");
    check("pt-BR", "", "21 de novembro de 2024");
    check("pt_PT", "(length='medium')", "21/11/2024");
    check("ru", "", "21 ноября 2024 г.");
    check("ja", "", "2024年11月21日");
    check("ar", "", "21 نوفمبر 2024");
    check("en", "(locale='fr')", "21 novembre 2024");
    check("fr", "(format='%A %-d %B %Y')", "jeudi 21 novembre 2024");
    check("ru", "(format='%d %B, 100%%')", "21 ноября, 100%");
    check(
        "en",
        "(format='%a %b %e, %-I:%M %p')",
        "Thu Nov 21, 4:32 PM",
    );
    check("xx", "(format='%Y-%m-%d')", "2024-11-21");
}

#[test]
fn a_date_without_a_time_stays_its_day() {
    for zone in [
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "America/New_York",
    ] {
        for arguments in [
            "",
            "(time=true)",
            "(zone='site')",
            "(zone='Asia/Tokyo', time=true)",
        ] {
            let template = format!("{{{{ '2024-11-21' | date{arguments} }}}}");
            let printed = render_in("en", zone, &template);
            assert_eq!(
                printed.as_deref(),
                Ok("November 21, 2024"),
                "{zone} {arguments}"
            );
        }
    }
}

#[test]
fn what_was_not_written_is_not_made_up() {
    check("{{ '2024-11' | date }}", "November 2024");
    check(
        "{{ '2024-11' | date(length='full', time=true) }}",
        "November 2024",
    );
    check("{{ '2024' | date(length='short') }}", "2024");
    check("{{ '2024-11' | date(format='%B') }}", "November");
    check(
        "{{ '2024-11' | date(format='%B %-d, %Y') }}",
        "November 2024",
    );
    check("{{ '2024' | date(format='%d.%m.%Y') }}", "2024");
    check("{{ '2024-11' | date(format='%F') }}", "2024-11");
    check("{{ '2024-11-21' | date(time='only') }}", "");
    check("{{ '2024-11-21' | date(style='ap', time='only') }}", "");
    check("{{ '2024-11' | date(style='ap') }}", "November 2024");
}

#[test]
fn a_time_is_shown_where_it_was_written_unless_a_zone_is_named() {
    let check = |arguments: &str, expect: &str| {
        let template =
            format!("{{{{ '2024-11-21T23:30:00-05:00' | date(format='%F %R %:z'{arguments}) }}}}");
        let printed = render_in("en", "Europe/Lisbon", &template);
        assert_eq!(printed.as_deref(), Ok(expect), "{arguments}");
    };
    check("", "2024-11-21 23:30 -05:00");
    check(", zone='written'", "2024-11-21 23:30 -05:00");
    check(", zone='site'", "2024-11-22 04:30 +00:00");
    check(", zone='Asia/Tokyo'", "2024-11-22 13:30 +09:00");
}

#[test]
fn dates_of_feeds_are_whole() {
    let check = |value: &str, arguments: &str, expect: &str| {
        let template = format!("{{{{ '{value}' | date({arguments}) | safe }}}}");
        let printed = render_in("pt", "America/New_York", &template);
        assert_eq!(printed.as_deref(), Ok(expect), "{value} {arguments}");
    };
    check("2024-11-21", "style='rfc3339'", "2024-11-21T00:00:00-05:00");
    check(
        "2024-11-21",
        "style='rfc2822'",
        "Thu, 21 Nov 2024 00:00:00 -0500",
    );
    check(
        "2024-11-21T16:32:00Z",
        "style='rfc2822'",
        "Thu, 21 Nov 2024 16:32:00 +0000",
    );
    check(
        "2024-11-21T16:32:00Z",
        "style='rfc3339', zone='site'",
        "2024-11-21T11:32:00-05:00",
    );
}

#[test]
fn ap_style_is_that_of_its_book() {
    let check = |value: &str, expect: &str| {
        let template = format!("{{{{ '{value}' | date(style='ap', time=true) }}}}");
        assert_eq!(render(&template).as_deref(), Ok(expect), "{value}");
    };
    check("2024-01-05", "Jan. 5, 2024");
    check("2024-03-05", "March 5, 2024");
    check("2024-06-05", "June 5, 2024");
    check("2024-07-05", "July 5, 2024");
    check("2024-09-05", "Sept. 5, 2024");
    check("2024-12-31T00:00:00Z", "Dec. 31, 2024, midnight");
    check("2024-12-31T00:05:00Z", "Dec. 31, 2024, 12:05 a.m.");
    check("2024-12-31T12:00:00Z", "Dec. 31, 2024, noon");
    check("2024-12-31T16:00:00Z", "Dec. 31, 2024, 4 p.m.");
    check("2024-12-31T16:32:07Z", "Dec. 31, 2024, 4:32 p.m.");
}

#[test]
fn what_is_no_date_is_named() {
    check_fault(
        "{{ 5 | date }}",
        "`date` takes a timestamp such as `article.timestamp`, not a value of type i64",
    );
    let fault = render("{{ 'yesterday' | date }}").expect_err("no date");
    assert!(
        fault.starts_with("`date` takes a timestamp, not `yesterday`: "),
        "{fault}"
    );
    check_fault(
        "{{ '2024-11-21' | date(length='tiny') }}",
        "`length` is `short`, `medium`, `long` or `full`, not `tiny`",
    );
    check_fault(
        "{{ '2024-11-21' | date(time='now') }}",
        "`time` is true, false or `only`, not `now`",
    );
    check_fault(
        "{{ '2024-11-21T10:00:00Z' | date(zone='Mars') }}",
        "`Mars` is not a time zone such as `Europe/Lisbon`; `zone` may also be `written` or `site`",
    );
    check_fault(
        "{{ '2024-11-21' | date(locale='no such') }}",
        "`no such` is not a language tag such as `en` or `pt-BR`",
    );
    let fault = render("{{ '2024-11-21' | date(format='%!') }}").expect_err("no pattern");
    assert!(
        fault.starts_with("`format` is not a pattern such as `%Y-%m-%d`: "),
        "{fault}"
    );
}

#[test]
fn json_cannot_leave_its_script() {
    check(
        "{{ '</script><!-- & \u{2028}' | json }}",
        "\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\"",
    );
    check(
        "{{ [1, 'a\"b', none, {'k': true}] | json }}",
        "[1,\"a\\\"b\",null,{\"k\":true}]",
    );
}

#[test]
fn a_text_is_cut_between_words_as_readers_see_them() {
    let check = |text: &str, length: usize, expect: &str| {
        let template = format!("{{{{ '{text}' | truncate(length={length}) }}}}");
        assert_eq!(render(&template).as_deref(), Ok(expect), "{text} {length}");
    };
    check("short", 5, "short");
    check("one two three", 7, "one two…");
    check("one two three", 9, "one two…");
    check("one, two", 5, "one…");
    check("incomprehensibilities", 5, "incom…");
    check("a incomprehensibilities", 10, "a incompre…");
    check("東京湾の朝", 3, "東京湾…");
    check("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}e\u{301}…");
    check("", 0, "");
}

#[test]
fn initials_are_those_of_the_first_and_the_last_name() {
    for (name, expect) in [
        ("Ana Reis", "AR"),
        ("ana maria dos reis", "AR"),
        ("Cher", "C"),
        ("Jean-Luc Godard", "JG"),
        ("王小明", "王"),
        ("Élodie Çelik (photos)", "ÉÇ"),
        ("", ""),
    ] {
        assert_eq!(strings::initials(name), expect, "{name}");
    }
}

#[test]
fn a_list_is_joined_as_its_language_does() {
    let check = |language: &str, items: &str, expect: &str| {
        let template = format!("{{{{ {items} | list }}}}");
        assert_eq!(render_in(language, "UTC", &template).as_deref(), Ok(expect));
    };
    check("en", "[]", "");
    check("en", "['A']", "A");
    check("en-US", "['A', 'B']", "A and B");
    check("de", "['A', 'B', 'C']", "A, B und C");
    check("es", "['Ana', 'Inés']", "Ana e Inés");
    check("es", "['Ana', 'Hielo']", "Ana y Hielo");
    check("ja", "['東', '西']", "東、西");
    check("zh-Hant", "['東', '西', '北']", "東、西和北");
    check("tlh", "['A', 'B']", "A, B");
    check("en", "['<b>', 'B' | safe]", "&lt;b&gt; and B");
    super::tests::check("{{ ['A', 'B'] | list(word='or') }}", "A or B");
    super::tests::check(
        "{{ [{'n': 'A'}, {'n': 'B'}] | list(attribute='n') }}",
        "A and B",
    );
}

#[test]
fn an_absolute_url_has_the_site_s_address_once() {
    for (url, expect) in [
        ("/", "https://gazette.example/"),
        ("/a/b/", "https://gazette.example/a/b/"),
        ("a.css", "https://gazette.example/a.css"),
        ("https://other.example/a:b", "https://other.example/a:b"),
        ("mailto:desk@gazette.example", "mailto:desk@gazette.example"),
        ("//cdn.example/a", "//cdn.example/a"),
        ("#quay", "#quay"),
        ("/a:b", "https://gazette.example/a:b"),
    ] {
        check(&format!("{{{{ '{url}' | absolute_url | safe }}}}"), expect);
    }
}

#[test]
fn an_address_of_the_site_is_not_external() {
    for (url, expect) in [
        ("https://gazette.example", "false"),
        ("https://gazette.example/a", "false"),
        ("https://gazette.example.evil.example/", "true"),
        ("//other.example", "true"),
        ("/a", "false"),
        ("a/b", "false"),
    ] {
        check(&format!("{{{{ '{url}' is external }}}}"), expect);
    }
}

#[test]
fn numbers_are_grouped_as_their_language_does() {
    check(
        "{{ 999 | number }} {{ -1234.5 | number }} {{ 0 | number }}",
        "999 -1,234.5 0",
    );
    check("{{ 1234567 | number(locale='hi') }}", "12,34,567");
    check(
        "{{ 12345 | number(locale='es') }} {{ 1234 | number(locale='es') }}",
        "12.345 1234",
    );
    check_fault(
        "{{ '1' | number }}",
        "`number` takes a number, not a value of type string",
    );
}

#[test]
fn a_direction_is_that_of_the_script() {
    for (tag, expect) in [
        ("en", "ltr"),
        ("ar-EG", "rtl"),
        ("FA", "rtl"),
        ("pa", "ltr"),
        ("pa-Arab-PK", "rtl"),
        ("az_Arab", "rtl"),
        ("ks-Deva", "ltr"),
        ("", "ltr"),
    ] {
        check(&format!("{{{{ '{tag}' | dir }}}}"), expect);
    }
}

#[test]
fn words_of_every_script_are_counted() {
    check("{{ \"It's 3.5 o'clock — now\" | wordcount }}", "4");
    check("{{ '東京 Tower へ' | wordcount }}", "4");
    check("{{ '— … !' | wordcount }}", "0");
    check("{{ 'a well-known café' | wordcount }}", "3");
}

#[test]
fn xml_holds_no_control_characters() {
    assert_eq!(strings::escape_xml("a\0\u{b}\u{fffe}\n<é>"), "a\n&lt;é&gt;");
}

#[test]
fn groups_and_repetitions_keep_the_order_of_the_list() {
    check(
        "{% for k, v in [{'k': 3}, {'k': 1}, {'k': none}, {'k': 3}, {'k': 2}] | group_by(attribute='k') %}{{ k }}:{{ v | length }} {% endfor %}",
        "3:2 1:1 2:1 ",
    );
    check(
        "{{ ['b', 'a', [1], 'b', [1], 1.5, 1.5] | unique | json }}",
        "[\"b\",\"a\",[1],1.5]",
    );
    check_fault(
        "{{ [{'a': 1}] | group_by(attribute='b') }}",
        "`group_by` finds no attribute `b` in a value of type map/struct",
    );
}

#[test]
fn a_hundred_thousand_tags_are_made_unique_in_linear_time() {
    let tags: Vec<String> = (0..100_000).map(|n| format!("tag {n}")).collect();
    let mut context = Context::new();
    context.insert("tags", &tags);
    let printed = tera("en", "UTC").render_str("{{ tags | unique | length }}", &context, true);
    assert_eq!(printed.ok().as_deref(), Some("100000"));
}

proptest! {
    #[test]
    fn json_is_the_value_and_holds_no_markup(text in any::<String>()) {
        let json = strings::json(&tera::Value::from(text.clone())).expect("a text");
        let has_markup = json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
        prop_assert!(!has_markup);
        prop_assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
    }

    #[test]
    fn no_text_makes_a_filter_panic(text in any::<String>(), length in 0_usize..20, language in "[a-z]{2,3}(-[A-Z]{2})?") {
        let tera = tera(&language, "UTC");
        let mut context = Context::new();
        context.insert("text", &text);
        context.insert("length", &length);
        for filter in ["truncate(length=length)", "initials", "slugify", "absolute_url", "dir",
            "wordcount", "urlencode", "escape_xml", "strip_html", "date", "date(locale=text)",
            "date(format=text)"] {
            let _ = tera.render_str(&format!("{{{{ text | {filter} }}}}"), &context, true);
        }
        let _ = tera.render_str("{{ '2024-11-21T16:32:00Z' | date(format=text) }}", &context, true);
        let _ = tera.render_str("{{ '2024-11' | date(format=text, zone=text) }}", &context, true);
        let _ = tera.render_str("{{ '2024-11-21' | date(time=true, length='full') }}", &context, true);
    }
}
