//! How dates and times are read.

use super::*;
use proptest::prelude::*;
use std::process::Command;

fn lisbon() -> TimeZone {
    TimeZone::get("Europe/Lisbon").expect("it is in the database")
}

fn read(
    text: &str,
    zone: &str,
    date_order: Option<DateOrder>,
) -> Result<Timestamp, TimestampFault> {
    let time_zone = TimeZone::get(zone).expect("it is in the database");
    Timestamp::parse(
        text,
        &Zone {
            time_zone: &time_zone,
            date_order,
        },
    )
}

/// Reads in the zone of Lisbon, which is at +00:00 in winter and at +01:00 in summer.
fn check(text: &str, expect: &str) {
    match read(text, "Europe/Lisbon", None) {
        Ok(timestamp) => assert_eq!(timestamp.rfc3339(), expect, "{text:?}"),
        Err(fault) => panic!("{text:?}: {fault}"),
    }
}

fn refused(text: &str, words: &str) {
    match read(text, "Europe/Lisbon", None) {
        Ok(timestamp) => panic!("{text:?} became {timestamp}"),
        Err(fault) => {
            assert!(fault.message.contains(words), "{text:?}: {fault}");
            assert!(!fault.hint.is_empty());
        }
    }
}

#[test]
fn every_written_form_is_read() {
    for text in [
        "2024-11-21T16:32:07Z",
        "2024-11-21T16:32:07+00:00",
        "2024-11-21t16:32:07-00:00",
        "2024-11-21T16:32:07.123456Z",
        "2024-11-21T16:32:07,5Z",
        "2024-11-21T16:32:07",
        "2024-11-21 16:32:07",
        "2024-11-21 16:32:07 +0000",
        "2024-11-21 16:32:07.12 UTC",
        "2024-11-21 16:32:07 Europe/Lisbon",
        "2024-11-21T16:32:07[Europe/Lisbon]",
        "2024-11-21T16:32:07Z[Europe/Lisbon]",
        "20241121T163207Z",
        "20241121T163207",
        "20241121163207",
        "2024-11-21T163207Z",
        "2024-11-21T16-32-07Z",
        "2024/11/21 16:32:07",
        "2024:11:21 16:32:07",
        "2024 Nov 21 16:32:07",
        "11/21/2024 04:32:07 pm",
        "21/11/2024 04:32:07 PM",
        "21.11.2024 16:32:07",
        "21.11.2024, 16:32:07",
        "Thu, 21 Nov 2024 16:32:07 +0000",
        "Thu, 21 Nov 2024 16:32:07 GMT",
        "21 Nov 2024 16:32:07 UT",
        "Thu, 21 Nov 2024 16:32:07 +0000 (UTC)",
        "Thu Nov 21 16:32:07 2024",
        "Thu Nov 21 16:32:07 UTC 2024",
        "Thu Nov 21 16:32:07 +0000 2024",
        "Thu Nov 21 2024 16:32:07 GMT+0000 (Western European Standard Time)",
        "21/Nov/2024:16:32:07 +0000",
        "  November 21st, 2024 at 4:32:07\u{202f}PM  ",
        "4:32:07 p. m., 21 November 2024",
    ] {
        check(text, "2024-11-21T16:32:07+00:00");
    }
    for text in [
        "2024-11-21T16:32",
        "2024-11-21 16:32Z",
        "202411211632",
        "Updated: Nov. 21, 2024, 4:32 p.m.",
        "Published on Thursday, 21st of November 2024 | 16.32",
        "Nov 21, 2024 – 4:32 PM",
        "16:32, 21-Nov-2024",
        "Last modified: 2024-11-21 16:32",
        "21. November 2024 um 16:32 Uhr",
        "jeudi 21 novembre 2024 16:32",
        "21 de noviembre de 2024 16:32",
    ] {
        check(text, "2024-11-21T16:32:00+00:00");
    }
    for text in [
        "2024-11-21",
        "20241121",
        "2024/11/21",
        "2024.11.21",
        "11/21/2024",
        "21/11/2024",
        "21.11.2024",
        "21-11-2024",
        "Nov. 21, 2024",
        "November 21 2024",
        "Thursday, November 21, 2024",
        "Thurs. Nov. 21, 2024",
        "21 Nov 2024",
        "21-Nov-2024",
        "21st November, 2024",
        "the 21st of November 2024",
        "21.\u{a0}November 2024",
    ] {
        check(text, "2024-11-21");
    }
    check("2020-12-2", "2020-12-02");
    check("2020-1-2 9:05", "2020-01-02T09:05:00+00:00");
    check("2015-03-17 14:00:00 -4", "2015-03-17T14:00:00-04:00");
    check("2015-03-17 9:00:00 -0400", "2015-03-17T09:00:00-04:00");
    check("2025-11-24 13:45:00+0100", "2025-11-24T13:45:00+01:00");
    check("2025-11-24 13:45:00 +01", "2025-11-24T13:45:00+01:00");
    check("2025-11-24 13:45 +5:30", "2025-11-24T13:45:00+05:30");
    check("2025-11-24 13:45 \u{2212}0330", "2025-11-24T13:45:00-03:30");
    check("Sept. 3, 2021", "2021-09-03");
    check("4 pm, Sept 3 2021", "2021-09-03T16:00:00+01:00");
    check("noon, 3 September 2021", "2021-09-03T12:00:00+01:00");
    check("03/03/2024", "2024-03-03");
    check("2024-11", "2024-11");
    check("2024/11", "2024-11");
    check("November 2024", "2024-11");
    check("2024", "2024");
    check("0001-01-01", "0001-01-01");
    check("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00");
}

#[test]
fn zones_are_read_by_offset_name_and_abbreviation() {
    check("Feb 05, 2016 06:27 AM EST", "2016-02-05T06:27:00-05:00");
    check(
        "Updated 4:32 PM EST, Thu November 21, 2024",
        "2024-11-21T16:32:00-05:00",
    );
    check("4:32 p.m. ET, Nov. 21, 2024", "2024-11-21T16:32:00-05:00");
    check("4:32 p.m. ET, July 21, 2024", "2024-07-21T16:32:00-04:00");
    check("2024-07-21 16:32 PT", "2024-07-21T16:32:00-07:00");
    check("2024-07-21 16:32 CEST", "2024-07-21T16:32:00+02:00");
    check("2024-07-21 16:32 (JST)", "2024-07-21T16:32:00+09:00");
    check("2024-07-21 16:32 +0900 (JST)", "2024-07-21T16:32:00+09:00");
    check("2016-02-05T06-27-00Z", "2016-02-05T06:27:00+00:00");
    check(
        "2024-07-21T16:32[America/New_York]",
        "2024-07-21T16:32:00-04:00",
    );
    check(
        "2024-07-21T16:32-04:00[America/New_York]",
        "2024-07-21T16:32:00-04:00",
    );
    check(
        "2024-07-21 16:32 America/Port-au-Prince",
        "2024-07-21T16:32:00-04:00",
    );
    check("2024-07-21 16:32 Etc/GMT+4", "2024-07-21T16:32:00-04:00");
    check(
        "Thu Nov 21 2024 16:32:07 GMT+0100 (Mitteleuropäische Normalzeit)",
        "2024-11-21T16:32:07+01:00",
    );
    check("2024-07-21T16:32:00+14:00", "2024-07-21T16:32:00+14:00");
    check("2024-07-21T16:32:00-14:00", "2024-07-21T16:32:00-14:00");
    refused("2024-07-21T16:32:00+14:01", "offset");
    refused("2024-07-21T16:32:00-15:00", "offset");
    refused("2024-07-21T16:32-05:00[America/New_York]", "another offset");
    refused("2024-07-21 16:32 Europe/Atlantis", "no time zone");
    refused("2024-07-21 16:32 EST EDT", "more than one zone");
}

#[test]
fn an_ambiguous_abbreviation_means_what_the_site_means() {
    let words = "Thu 6 Jun 2013 11.05 BST";
    refused(words, "`BST` may be British summer");
    let london = read(words, "Europe/London", None).expect("London uses it in summer");
    assert_eq!(london.rfc3339(), "2013-06-06T11:05:00+01:00");
    assert!(read("6 Jan 2013 11:05 BST", "Europe/London", None).is_err());
    let of = |zone| read("2024-01-21 16:32 CST", zone, None).map(|read| read.rfc3339());
    assert_eq!(
        of("America/Chicago").expect("a zone"),
        "2024-01-21T16:32:00-06:00"
    );
    assert_eq!(
        of("Asia/Shanghai").expect("a zone"),
        "2024-01-21T16:32:00+08:00"
    );
    assert!(of("Europe/Lisbon").is_err());
    // Clocks are put back in the hour that is there twice: the abbreviation says which is meant.
    let of = |text| {
        read(text, "America/Chicago", None)
            .expect("a time")
            .rfc3339()
    };
    assert_eq!(of("2024-11-03 01:30 CDT"), "2024-11-03T01:30:00-05:00");
    assert_eq!(of("2024-11-03 01:30 CST"), "2024-11-03T01:30:00-06:00");
    assert_eq!(of("2024-03-10 02:30 CDT"), "2024-03-10T02:30:00-05:00");
}

#[test]
fn a_date_in_numbers_is_never_guessed() {
    let fault = read("03/04/2024", "UTC", None).expect_err("it is ambiguous");
    assert_eq!(
        fault.message,
        "`03/04/2024` is not a timestamp: it may be 3 Apr 2024 or 4 Mar 2024"
    );
    assert!(
        fault.hint.contains("`2024-04-03` or `2024-03-04`"),
        "{}",
        fault.hint
    );
    let of = |text, order| read(text, "UTC", Some(order)).map(|read| read.rfc3339());
    for (text, order, expect) in [
        ("03/04/2024", DateOrder::Dmy, "2024-04-03"),
        ("03/04/2024", DateOrder::Mdy, "2024-03-04"),
        ("3.4.2024", DateOrder::Dmy, "2024-04-03"),
        ("21/11/2024", DateOrder::Mdy, "2024-11-21"),
        ("11/21/2024", DateOrder::Dmy, "2024-11-21"),
        ("24/03/04", DateOrder::Ymd, "2024-03-04"),
        ("24/03/04", DateOrder::Dmy, "2004-03-24"),
        ("03/24/70", DateOrder::Mdy, "1970-03-24"),
    ] {
        assert_eq!(of(text, order).expect("a date"), expect, "{text} {order:?}");
    }
    assert!(of("03/04/2024", DateOrder::Ymd).is_err());
    assert!(of("24/03/04", DateOrder::Mdy).is_err());
    refused("3.4.2024", "3 Apr 2024 or 4 Mar 2024");
    refused("24/03/04", "two digits");
    refused("21 Nov 24", "no meaning");
}

#[test]
fn what_is_no_timestamp_is_refused_in_words() {
    refused("", "no date");
    refused("2023-02-30", "there is no 30 Feb 2023");
    refused("2023-13-01", "there is no month 13");
    refused("31 April 2024", "there is no 31 Apr 2024");
    refused("99999-01-01", "years go from 1 to 9999");
    refused("0000-01-01", "years go from 1 to 9999");
    refused("2024-11-21 25:61", "there is no time 25:61");
    refused("2024-11-21 24:00", "there is no time 24:00");
    refused("2024-11-21 13:32 am", "half of the day");
    refused("2024-11-21 0:32 pm", "half of the day");
    refused("2024-11-21 4", "no meaning");
    refused("yesterday", "another day");
    refused("3 days ago", "no meaning");
    refused("last Tuesday", "no date");
    refused("2021-02-08 16:30-:00+16:30", "no meaning");
    refused("2023-01-29 18:30:22 2023 -0800", "more than one year");
    refused("Before 24 July 1937 (inferred)", "`before`");
    refused("24 July 1937 (inferred)", "no meaning");
    refused("Date not visible", "`not`");
    refused("1732206727", "it is a number");
    refused("1732206727000", "it is a number");
    refused("1732206727.5", "no");
    refused("-5", "no");
    refused("202411", "no meaning");
    refused("2024-326", "no year, month and day");
    refused("2024-W47-4", "no meaning");
    refused(
        "Wed, 21 Nov 2024 16:32:07 +0000",
        "21 Nov 2024 is a Thursday, not a Wednesday",
    );
    refused("Thu, November 2024", "a weekday but no day");
    refused("November 2024 16:32", "no day");
    refused("Nov 21", "no year");
    refused("16:32", "no date");
    refused("2024-11-21 16:32 17:00", "more than one time");
    refused("2024-11-21 2024-11-22", "more than one date");
    refused("2024-11-21 16:3", "two digits");
    refused("2024-11-21 -4", "offset but no time");
    refused("2024-11-21T", "no meaning");
    refused("2024-11-21Tomorrow", "another day");
    refused("2024-11-21 16:32 XYZ", "`xyz`");
    refused("2024-11-21 16:32 (EST", "no meaning");
    refused(&"2024-11-21 ".repeat(20), "too long");
}

#[test]
fn precision_is_kept() {
    for (text, precision) in [
        ("2024", Precision::Year),
        ("November 2024", Precision::Month),
        ("2024-11-21", Precision::Day),
        ("2024-11-21 16:32", Precision::Minute),
        ("2024-11-21 16:32:00", Precision::Second),
        ("4 pm, 21 Nov 2024", Precision::Minute),
        ("20241121T163207Z", Precision::Second),
    ] {
        assert_eq!(
            read(text, "UTC", None).expect("a timestamp").precision(),
            precision,
            "{text}"
        );
    }
}

#[test]
fn it_is_written_for_feeds_and_machines() {
    let winter = read("2024-11-05 16:32", "America/New_York", None).expect("a timestamp");
    assert_eq!(winter.rfc3339(), "2024-11-05T16:32:00-05:00");
    assert_eq!(winter.rfc2822(), "Tue, 5 Nov 2024 16:32:00 -0500");
    let day = read("2024-07-21", "Asia/Kolkata", None).expect("a timestamp");
    assert_eq!(day.rfc3339(), "2024-07-21");
    assert_eq!(day.rfc3339_full(), "2024-07-21T00:00:00+05:30");
    assert_eq!(day.rfc2822(), "Sun, 21 Jul 2024 00:00:00 +0530");
    let early = read("0012-03-04T05:06:07-00:30", "UTC", None).expect("a timestamp");
    assert_eq!(early.rfc3339(), "0012-03-04T05:06:07-00:30");
}

#[test]
fn the_instant_is_that_of_the_offset() {
    let of = |text, zone| read(text, zone, None).expect("a timestamp").instant();
    assert_eq!(of("2024-11-21T16:32:07Z", "UTC"), 1_732_206_727);
    assert_eq!(of("2024-11-21T17:32:07+01:00", "UTC"), 1_732_206_727);
    assert_eq!(of("2024-11-21T11:32:07", "America/New_York"), 1_732_206_727);
    assert_eq!(
        of("2024-11-21", "America/New_York"),
        of("2024-11-21T05:00Z", "UTC")
    );
    assert!(of("2024-11-21T23:00+14:00", "UTC") < of("2024-11-21T10:00Z", "UTC"));
}

#[test]
fn clocks_that_change_are_read_as_jiff_reads_them() {
    let of = |text, zone| read(text, zone, None).expect("a timestamp").rfc3339_full();
    assert_eq!(
        of("2024-03-10 02:30", "America/New_York"),
        "2024-03-10T03:30:00-04:00"
    );
    assert_eq!(
        of("2024-11-03 01:30", "America/New_York"),
        "2024-11-03T01:30:00-04:00"
    );
    // Midnight did not exist on the first day, nothing at all of the second.
    assert_eq!(
        of("2018-11-04", "America/Sao_Paulo"),
        "2018-11-04T00:00:00-03:00"
    );
    assert_eq!(
        of("2011-12-30", "Pacific/Apia"),
        "2011-12-30T00:00:00-10:00"
    );
    // Before there were zones, offsets had seconds.
    assert_eq!(
        of("1890-01-01 12:00", "Europe/Lisbon"),
        "1890-01-01T12:00:00-00:37"
    );
}

#[test]
fn a_leap_second_is_the_second_before_it() {
    check("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00");
    check("31 Dec 2016 23:59:60 UTC", "2016-12-31T23:59:59+00:00");
}

#[test]
fn a_file_name_begins_with_its_date() {
    let zone = lisbon();
    let zone = Zone {
        time_zone: &zone,
        date_order: None,
    };
    let of = |stem| {
        Timestamp::from_file_name(stem, &zone).map(|(read, end)| (read.rfc3339(), &stem[end..]))
    };
    let dated = |name| Some(("2024-11-02".to_owned(), name));
    assert_eq!(of("2024-11-02-harbour"), dated("harbour"));
    assert_eq!(of("2024-11-2-harbour"), dated("harbour"));
    assert_eq!(of("2024-11-02_harbour"), dated("harbour"));
    assert_eq!(of("2024-11-02-größe"), dated("größe"));
    assert_eq!(of("2024-11-02"), dated("2024-11-02"));
    for stem in [
        "harbour",
        "2024-11",
        "2024-02-30-x",
        "2024-11-021-x",
        "12024-11-02-x",
        "2024-11-02x",
        "",
    ] {
        assert_eq!(of(stem), None, "{stem}");
    }
}

#[test]
fn timestamps_are_small_and_in_the_order_of_their_instants() {
    assert!(size_of::<Timestamp>() <= 16);
    let sorted = [
        "2024-01-01",
        "2024-11-21T16:32:07+01:00",
        "2024-11-21T16:00:00Z",
        "2024-11-21T16:32:07Z",
    ]
    .map(|text| read(text, "UTC", None).expect("a timestamp"));
    assert!(sorted.is_sorted());
}

/// The machine's zone is in the environment of a process, so another one is started.
#[test]
fn the_zone_of_the_machine_plays_no_part() {
    let tests = std::env::current_exe().expect("tests are a program");
    for zone in ["Pacific/Kiritimati", "America/Los_Angeles"] {
        let output = Command::new(&tests)
            .args([
                "--exact",
                "base::timestamp::tests::every_written_form_is_read",
            ])
            .env("TZ", zone)
            .output()
            .expect("it can be started");
        let words = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && words.contains("1 passed"),
            "{zone}: {words}"
        );
    }
}

fn zones() -> impl Strategy<Value = TimeZone> {
    prop_oneof![
        (-12i8..=14).prop_map(|hours| TimeZone::fixed(jiff::tz::offset(hours))),
        prop::sample::select(vec![
            "Pacific/Apia",
            "America/Sao_Paulo",
            "Asia/Beirut",
            "Africa/Cairo",
            "Europe/Lisbon",
            "America/New_York",
            "Pacific/Kwajalein",
            "America/St_Johns",
            "Asia/Manila",
        ])
        .prop_map(|name| TimeZone::get(name).expect("it is in the database")),
    ]
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}", time_zone in zones()) {
        for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Ymd)] {
            let zone = Zone { time_zone: &time_zone, date_order: order };
            let _ = Timestamp::parse(&text, &zone);
            let _ = Timestamp::from_file_name(&text, &zone);
        }
    }

    #[test]
    fn no_mix_of_parts_panics_or_is_read_out_of_range(
        text in "([0-9]{1,4}|[0-9]{8}|nov|thu|[-:/.,+() ]|T|Z|pm|a\\.m\\.|at|ET|st|de|\\[utc\\]|noon){1,12}",
        time_zone in zones(),
    ) {
        let zone = Zone { time_zone: &time_zone, date_order: Some(DateOrder::Mdy) };
        if let Ok(read) = Timestamp::parse(&text, &zone) {
            prop_assert!((1..=10_000).contains(&read.date().year()), "{} became {}", text, read);
            prop_assert_eq!(read.civil().date(), read.date());
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        local in -62_135_596_800i64..253_402_300_800,
        minutes in -14 * 60..=14 * 60,
        time_zone in zones(),
    ) {
        let offset = minutes * 60;
        let written = Timestamp { instant: local - i64::from(offset), offset, precision: Precision::Second };
        let zone = Zone { time_zone: &time_zone, date_order: None };
        for text in [written.rfc3339(), written.rfc3339_full(), written.rfc2822()] {
            let read = Timestamp::parse(&text, &zone);
            prop_assert_eq!(read.as_ref(), Ok(&written), "{}", text);
        }
        let cached = postcard::to_stdvec(&written).expect("it can be written");
        prop_assert_eq!(postcard::from_bytes::<Timestamp>(&cached), Ok(written));
    }

    #[test]
    fn a_date_without_a_time_stays_its_day(
        year in 1i16..=9999, month in 1i8..=12, day in 1i8..=28, time_zone in zones(),
    ) {
        let date = jiff::civil::date(year, month, day);
        let zone = Zone { time_zone: &time_zone, date_order: None };
        for text in [date.to_string(), date.strftime("%A, %-d %B %Y").to_string()] {
            let text = if year < 1000 && text.contains(',') { continue } else { text };
            let read = Timestamp::parse(&text, &zone);
            let read = read.map_err(|fault| TestCaseError::fail(fault.message))?;
            prop_assert_eq!(read.date(), date);
            prop_assert_eq!(read.rfc3339(), date.to_string());
            prop_assert_eq!(&read.rfc3339_full()[..10], date.to_string());
        }
    }

    #[test]
    fn both_ways_of_reading_agree(
        local in -2_000_000_000i64..4_000_000_000, time_zone in zones(),
    ) {
        let written = Timestamp { instant: local, offset: 0, precision: Precision::Second };
        let text = written.civil().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let zone = Zone { time_zone: &time_zone, date_order: None };
        prop_assert_eq!(parse::parse(&text, &zone), written::parse(&text, &zone));
        let ours = parse::parse(&text, &zone).map_err(|fault| TestCaseError::fail(fault.message))?;
        let jiffs = time_zone.to_timestamp(written.civil()).expect("it is in range");
        prop_assert!((ours.instant() - jiffs.as_second()).abs() <= 30, "{}", text);
    }
}
