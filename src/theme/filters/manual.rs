//! The filters and tests as the manual lists them.

use super::{Argument, Documented, date, fill, lists, strings, tests_of_values};

const fn argument(name: &'static str, doc: &'static str) -> Argument {
    Argument { name, doc }
}

/// Describes one of Tera's own.
const fn builtin(
    name: &'static str,
    doc: &'static str,
    arguments: &'static [Argument],
    example: &'static str,
    result: &'static str,
) -> Documented {
    Documented {
        name,
        doc,
        arguments,
        example,
        result,
        add: None,
    }
}

const LOCALE: Argument = argument(
    "locale",
    "a BCP 47 tag such as `pt-BR`; the site's language where it is left out. On a page in another \
     language, pass that: `locale=page.language`",
);
const ATTRIBUTE: Argument = argument(
    "attribute",
    "the key, or a path of keys such as `photo.credit`",
);
const OTHER: Argument = argument("other", "the other timestamp");

/// Every filter that a template may use, in alphabetical order.
pub const FILTERS: &[Documented] = &[
    builtin(
        "abs",
        "The number without its sign.",
        &[],
        "{{ -3 | abs }}",
        "3",
    ),
    Documented {
        name: "absolute_url",
        doc: "The whole URL of a path of the site, which begins with `/`. What is a URL already, or \
              a mere `#fragment`, stays.",
        arguments: &[],
        example: "{{ \"/local/harbour/\" | absolute_url }}",
        result: "https://gazette.example/local/harbour/",
        add: Some(strings::add_absolute_url),
    },
    builtin(
        "capitalize",
        "The first letter in upper case, all others in lower case.",
        &[],
        "{{ \"harbour NEWS\" | capitalize }}",
        "Harbour news",
    ),
    Documented {
        name: "date",
        doc: "A timestamp as people read it: `article.timestamp`, `article.updated`, a month or a \
              year of an archive. What was not written is not made up: a timestamp of a month is \
              written as `November 2024` whatever is asked for, a date without a time stays its day \
              in every zone and is written without a time.",
        arguments: &[
            argument(
                "length",
                "`short` (11/21/24), `medium` (Nov 21, 2024), `long` (November 21, 2024; where it \
                 is left out) or `full` (Thursday, November 21, 2024), in the order and with the \
                 words of the language",
            ),
            argument(
                "time",
                "`true` adds the time of day where it is known; `\"only\"` writes nothing but it",
            ),
            argument(
                "style",
                "`ap` for the style of the Associated Press, in English; `rfc3339` for Atom and \
                 attributes, `rfc2822` for RSS: both with the midnight of a date without a time",
            ),
            argument(
                "format",
                "a pattern of strftime such as `%d/%m/%Y` or `%A %-d %B`, with names in the \
                 language; it leaves `length`, `time` and `style` without effect. A date without a \
                 time has that of its midnight",
            ),
            argument(
                "zone",
                "where a time of day is shown: `written` (where it is left out) in the offset that \
                 its author gave, which is also the one of addresses and archives; `site` in the \
                 site's zone; or a zone such as `America/New_York`",
            ),
            LOCALE,
        ],
        example: "{{ \"2024-11-21T16:32:00+00:00\" | date(style=\"ap\", time=true) }}",
        result: "Nov. 21, 2024, 4:32 p.m.",
        add: Some(date::add),
    },
    builtin(
        "default",
        "The value, or another where there is none.",
        &[
            argument("value", "what is used instead"),
            argument(
                "boolean",
                "`true` also replaces what is empty, zero or false",
            ),
        ],
        "{{ nothing | default(value=\"none\") }}",
        "none",
    ),
    Documented {
        name: "dir",
        doc: "The direction in which a language is written, `ltr` or `rtl`, for the attribute `dir`.",
        arguments: &[],
        example: "<html lang=\"ar\" dir=\"{{ \"ar\" | dir }}\">",
        result: "<html lang=\"ar\" dir=\"rtl\">",
        add: Some(strings::add_dir),
    },
    Documented {
        name: "elements",
        doc: "The names of the elements of HTML and, each with a dot before it, their classes, as they \
              first occur: whether a text has a table or a note for which a page needs a style sheet.",
        arguments: &[],
        example: "{{ \"<p class='x'>a <b class=\\\"y\\\">c</b></p>\" | elements | join(sep=\" \") }}",
        result: "p b .y",
        add: Some(strings::add_elements),
    },
    builtin(
        "escape",
        "The text with what means something in HTML escaped. Templates do that by themselves.",
        &[],
        "{{ \"a < b\" | escape }}",
        "a &lt; b",
    ),
    builtin(
        "escape_html",
        "The same as `escape`, as a text that is escaped once more where it is printed.",
        &[],
        "{{ \"a < b\" | escape_html | safe }}",
        "a &lt; b",
    ),
    Documented {
        name: "escape_xml",
        doc: "The text for XML: with what means something in XML escaped, and without the control \
              characters that XML can't hold.",
        arguments: &[],
        example: "{{ \"'a' < b\" | escape_xml }}",
        result: "&apos;a&apos; &lt; b",
        add: Some(strings::add_escape_xml),
    },
    Documented {
        name: "fill",
        doc: "A word of the interface with its blanks filled in, each by the argument of its name. \
              Numbers are written as the word's language writes them.",
        arguments: &[argument(
            "n",
            "the number that chooses between the word's plural forms, and the blank `{n}`",
        )],
        example: "{{ \"Part {n} of {name}\" | fill(n=2, name=\"Tides\") }}",
        result: "Part 2 of Tides",
        add: Some(fill::add),
    },
    builtin(
        "first",
        "The first item of a list.",
        &[],
        "{{ [1, 2] | first }}",
        "1",
    ),
    builtin(
        "float",
        "A text as a number.",
        &[],
        "{{ \"1.5\" | float }}",
        "1.5",
    ),
    builtin(
        "get",
        "The value of a key of a map.",
        &[
            argument("key", "the key"),
            argument(
                "default",
                "what is used where the map has no such key; else that is an error",
            ),
        ],
        "{{ {\"a\": 1} | get(key=\"a\") }}",
        "1",
    ),
    Documented {
        name: "group_by",
        doc: "The items of a list by the value of an attribute: a map whose keys are in the order of \
              the list. Items whose attribute is null are left out.",
        arguments: &[ATTRIBUTE],
        example: "{% for section, items in [{\"s\": \"local\"}, {\"s\": \"arts\"}, {\"s\": \"local\"}] \
                  | group_by(attribute=\"s\") %}{{ section }}: {{ items | length }}. {% endfor %}",
        result: "local: 2. arts: 1. ",
        add: Some(lists::add_group_by),
    },
    builtin(
        "indent",
        "The text with every line but the first indented.",
        &[
            argument("width", "how far; 4 where it is left out"),
            argument("indentation", "the character; a space where it is left out"),
            argument("first", "`true` indents the first line too"),
            argument("blank", "`true` indents empty lines too"),
        ],
        "{{ \"a\\nb\" | indent(width=2) }}",
        "a\n  b",
    ),
    Documented {
        name: "initials",
        doc: "The first letters of the first and the last name, for pictures that stand for a person.",
        arguments: &[],
        example: "{{ \"Ana Reis\" | initials }}",
        result: "AR",
        add: Some(strings::add_initials),
    },
    builtin(
        "int",
        "A text or a number as a whole number.",
        &[argument("base", "2 to 36; 10 where it is left out")],
        "{{ \"42\" | int }}",
        "42",
    ),
    builtin(
        "join",
        "The items of a list as one text. See `list` for `A, B and C`.",
        &[argument("sep", "what stands between them")],
        "{{ [1, 2] | join(sep=\"-\") }}",
        "1-2",
    ),
    Documented {
        name: "json",
        doc: "The value as JSON that can stand in a `<script>`: `<`, `>` and `&` are written as \
              `\\u003c` and so on.",
        arguments: &[],
        example: "<script type=\"application/json\">{{ {\"a\": \"</script>\"} | json }}</script>",
        result: "<script type=\"application/json\">{\"a\":\"\\u003c/script\\u003e\"}</script>",
        add: Some(strings::add_json),
    },
    builtin(
        "keys",
        "The keys of a map.",
        &[],
        "{{ {\"a\": 1} | keys | first }}",
        "a",
    ),
    builtin(
        "last",
        "The last item of a list.",
        &[],
        "{{ [1, 2] | last }}",
        "2",
    ),
    builtin(
        "length",
        "The number of items of a list or a map, or of characters of a text.",
        &[],
        "{{ [1, 2] | length }}",
        "2",
    ),
    Documented {
        name: "list",
        doc: "The items of a list as people list them, without a comma before the last: `A, B and C`.",
        arguments: &[
            argument(
                "attribute",
                "the key of each item that is written; the item where it is left out",
            ),
            argument(
                "word",
                "the word before the last item, such as `or`; the language's `and` where it is left out",
            ),
            LOCALE,
        ],
        example: "{{ [\"Ana\", \"Ben\", \"Cem\"] | list }}",
        result: "Ana, Ben and Cem",
        add: Some(lists::add_list),
    },
    builtin(
        "lower",
        "The text in lower case.",
        &[],
        "{{ \"AbC\" | lower }}",
        "abc",
    ),
    Documented {
        name: "map",
        doc: "The values of an attribute of every item of a list. Items without it are left out.",
        arguments: &[ATTRIBUTE],
        example: "{{ [{\"a\": 1}, {\"b\": 2}, {\"a\": 3}] | map(attribute=\"a\") | join(sep=\" \") }}",
        result: "1 3",
        add: Some(lists::add_map),
    },
    Documented {
        name: "markdown",
        doc: "The HTML of a text in Markdown, with the site's settings of Markdown. Links and \
              pictures stay as they are written.",
        arguments: &[argument(
            "inline",
            "`true` for a line of text, without paragraphs: captions, corrections",
        )],
        example: "{{ \"The *Ferry*\" | markdown(inline=true) }}",
        result: "The <em>Ferry</em>",
        add: Some(strings::add_markdown),
    },
    builtin(
        "newlines_to_br",
        "The text with `<br>` for every line's end.",
        &[],
        "{{ \"a\\nb\" | newlines_to_br | safe }}",
        "a<br>b",
    ),
    builtin(
        "nth",
        "An item of a list.",
        &[argument("n", "which one, from 0")],
        "{{ [1, 2] | nth(n=1) }}",
        "2",
    ),
    Documented {
        name: "number",
        doc: "A number with the digits, groups and decimal separator of the language.",
        arguments: &[LOCALE],
        example: "{{ 1234567 | number }} {{ 1234567.5 | number(locale=\"de\") }}",
        result: "1,234,567 1.234.567,5",
        add: Some(strings::add_number),
    },
    builtin(
        "pairs",
        "The keys and values of a map: a list of lists of two.",
        &[],
        "{% for pair in {\"a\": 1} | pairs %}{{ pair[0] }}={{ pair[1] }}{% endfor %}",
        "a=1",
    ),
    builtin(
        "pluralize",
        "The ending of an English word for a number of things.",
        &[
            argument(
                "singular",
                "the ending for one; nothing where it is left out",
            ),
            argument(
                "plural",
                "the ending for any other number; `s` where it is left out",
            ),
        ],
        "2 stor{{ 2 | pluralize(singular=\"y\", plural=\"ies\") }}",
        "2 stories",
    ),
    builtin(
        "replace",
        "The text with every occurrence of another text replaced.",
        &[
            argument("from", "what is looked for"),
            argument("to", "what takes its place"),
        ],
        "{{ \"a-b\" | replace(from=\"-\", to=\"+\") }}",
        "a+b",
    ),
    builtin(
        "reverse",
        "The list or the text from its end to its beginning.",
        &[],
        "{{ [1, 2] | reverse | join(sep=\" \") }}",
        "2 1",
    ),
    builtin(
        "round",
        "The number rounded to the nearest.",
        &[
            argument("method", "`ceil` or `floor` to round up or down"),
            argument("precision", "decimals; 0 where it is left out"),
        ],
        "{{ 2.46 | round(precision=1) }}",
        "2.5",
    ),
    builtin(
        "safe",
        "The text as it is: its HTML is not escaped. Only for what can be trusted.",
        &[],
        "{{ \"<br>\" | safe }}",
        "<br>",
    ),
    Documented {
        name: "slugify",
        doc: "The text as a part of an address, made as the site's own addresses are.",
        arguments: &[],
        example: "{{ \"Harbour reopens!\" | slugify }}",
        result: "harbour-reopens",
        add: Some(strings::add_slugify),
    },
    builtin(
        "sort",
        "The list in ascending order.",
        &[argument(
            "attribute",
            "the key that decides; the item itself where it is left out",
        )],
        "{{ [2, 1] | sort | join(sep=\" \") }}",
        "1 2",
    ),
    builtin(
        "split",
        "The parts of a text.",
        &[argument("pat", "what stands between them")],
        "{{ \"a/b\" | split(pat=\"/\") | last }}",
        "b",
    ),
    builtin("str", "The value as a text.", &[], "{{ 1 | str }}", "1"),
    Documented {
        name: "strip_html",
        doc: "The text of HTML, without tags and entities, white space made single: for \
              descriptions.",
        arguments: &[],
        example: "{{ \"<p>The <em>Ferry</em></p>\" | strip_html }}",
        result: "The Ferry",
        add: Some(strings::add_strip_html),
    },
    builtin(
        "title",
        "The text with every word's first letter in upper case.",
        &[],
        "{{ \"harbour news\" | title }}",
        "Harbour News",
    ),
    builtin(
        "trim",
        "The text without white space at its ends.",
        &[argument("pat", "a text that is cut off instead")],
        "{{ \" a \" | trim }}",
        "a",
    ),
    builtin(
        "trim_end",
        "The text without white space at its end.",
        &[argument("pat", "a text that is cut off instead")],
        "{{ \"a/\" | trim_end(pat=\"/\") }}",
        "a",
    ),
    builtin(
        "trim_start",
        "The text without white space at its beginning.",
        &[argument("pat", "a text that is cut off instead")],
        "{{ \"/a\" | trim_start(pat=\"/\") }}",
        "a",
    ),
    Documented {
        name: "truncate",
        doc: "The beginning of a text, cut between words where they are not too long. A text that is \
              short enough stays.",
        arguments: &[
            argument(
                "length",
                "characters that are kept at the most, as readers count them",
            ),
            argument("end", "what stands for the rest; `…` where it is left out"),
        ],
        example: "{{ \"The first ferry leaves the harbour\" | truncate(length=19) }}",
        result: "The first ferry…",
        add: Some(strings::add_truncate),
    },
    Documented {
        name: "unique",
        doc: "The list without repetitions.",
        arguments: &[],
        example: "{{ [1, 2, 1] | unique | join(sep=\" \") }}",
        result: "1 2",
        add: Some(lists::add_unique),
    },
    builtin(
        "upper",
        "The text in upper case.",
        &[],
        "{{ \"ap\" | upper }}",
        "AP",
    ),
    Documented {
        name: "urlencode",
        doc: "The text as a part of a URL's query: everything but letters, digits and `-._~` is \
              percent-encoded.",
        arguments: &[],
        example: "mailto:?subject={{ \"Tea & cake\" | urlencode }}",
        result: "mailto:?subject=Tea%20%26%20cake",
        add: Some(strings::add_urlencode),
    },
    builtin(
        "values",
        "The values of a map.",
        &[],
        "{{ {\"a\": 1} | values | first }}",
        "1",
    ),
    Documented {
        name: "where",
        doc: "The items of a list whose attribute has a value, or is neither empty nor false. Items \
              without it are left out.",
        arguments: &[
            ATTRIBUTE,
            argument(
                "value",
                "the value; anything but empty, zero or false where it is left out",
            ),
        ],
        example: "{{ [{\"a\": 1}, {\"a\": 2}] | where(attribute=\"a\", value=2) | length }}",
        result: "1",
        add: Some(lists::add_where),
    },
    Documented {
        name: "wordcount",
        doc: "The number of words of a text; each ideograph, kana or hangul syllable is one.",
        arguments: &[],
        example: "{{ \"Tide and time\" | wordcount }} {{ \"東京湾\" | wordcount }}",
        result: "3 3",
        add: Some(strings::add_wordcount),
    },
];

/// Every test that a template may use after `is`, in alphabetical order.
pub const TESTS: &[Documented] = &[
    Documented {
        name: "after",
        doc: "The timestamp is later than another.",
        arguments: &[OTHER],
        example: "{{ \"2024-11-21T16:00:00+00:00\" is after(other=\"2024-11-21T16:30:00+01:00\") }}",
        result: "true",
        add: Some(tests_of_values::add_after),
    },
    builtin("array", "It is a list.", &[], "{{ [1] is array }}", "true"),
    builtin(
        "bool",
        "It is `true` or `false`.",
        &[],
        "{{ false is bool }}",
        "true",
    ),
    builtin(
        "containing",
        "It is a text, list or map with this part, item or key.",
        &[argument("pat", "the part, item or key")],
        "{{ [\"storm\"] is containing(pat=\"storm\") }}",
        "true",
    ),
    builtin(
        "defined",
        "There is such a variable or key.",
        &[],
        "{{ nothing is defined }}",
        "false",
    ),
    builtin(
        "divisible_by",
        "The whole number can be divided without a rest.",
        &[argument("divisor", "by this one")],
        "{{ 6 is divisible_by(divisor=3) }}",
        "true",
    ),
    builtin(
        "ending_with",
        "The text ends so.",
        &[argument("pat", "the end")],
        "{{ \"a.svg\" is ending_with(pat=\".svg\") }}",
        "true",
    ),
    builtin(
        "even",
        "The whole number is even.",
        &[],
        "{{ 2 is even }}",
        "true",
    ),
    Documented {
        name: "external",
        doc: "The URL leads to another site.",
        arguments: &[],
        example: "{{ \"https://elsewhere.example/\" is external }} {{ \"/about/\" is external }}",
        result: "true false",
        add: Some(tests_of_values::add_external),
    },
    builtin(
        "float",
        "It is a number with decimals.",
        &[],
        "{{ 1.5 is float }}",
        "true",
    ),
    builtin(
        "integer",
        "It is a whole number.",
        &[],
        "{{ 1 is integer }}",
        "true",
    ),
    builtin(
        "iterable",
        "A `for` can go through it.",
        &[],
        "{{ [1] is iterable }}",
        "true",
    ),
    builtin(
        "map",
        "It is a map.",
        &[],
        "{{ {\"a\": 1} is map }}",
        "true",
    ),
    builtin("none", "It is null.", &[], "{{ none is none }}", "true"),
    builtin(
        "number",
        "It is a number.",
        &[],
        "{{ 1 is number }}",
        "true",
    ),
    builtin(
        "odd",
        "The whole number is odd.",
        &[],
        "{{ 2 is odd }}",
        "false",
    ),
    Documented {
        name: "same_day",
        doc: "The timestamp is of the same day as another, each in its own offset. A month or a year \
              is of no day.",
        arguments: &[OTHER],
        example: "{{ \"2024-11-21T16:00:00+00:00\" is same_day(other=\"2024-11-21\") }}",
        result: "true",
        add: Some(tests_of_values::add_same_day),
    },
    builtin(
        "starting_with",
        "The text begins so.",
        &[argument("pat", "the beginning")],
        "{{ \"/a/\" is starting_with(pat=\"/\") }}",
        "true",
    ),
    builtin(
        "string",
        "It is a text.",
        &[],
        "{{ \"a\" is string }}",
        "true",
    ),
    Documented {
        name: "timed",
        doc: "The timestamp has a time of day.",
        arguments: &[],
        example: "{{ \"2024-11-21\" is timed }}",
        result: "false",
        add: Some(tests_of_values::add_timed),
    },
    builtin(
        "undefined",
        "There is no such variable or key.",
        &[],
        "{{ nothing is undefined }}",
        "true",
    ),
];
