//! The words of the interface: from `i18n/` of the theme and the site, in each page's language.

use crate::support::{CONFIG, Site, article, told};
use dateline::theme::builtin;
use dateline::theme::filters::plural_categories;
use std::collections::BTreeSet;

fn two_languages() -> Site {
    let body = "Text.[^1]\n\n[^1]: A note.\n";
    Site::new(&[
        (
            "content/en.md",
            &article("English", "2024-01-01", "url: /en/\n", body),
        ),
        (
            "content/pt.md",
            &article("Português", "2024-01-02", "url: /pt/\nlang: pt-BR\n", body),
        ),
    ])
}

#[test]
fn a_page_speaks_its_own_language() {
    let site = two_languages();
    site.build();
    let english = site.page("en/index.html");
    assert!(english.contains("Skip to the content") && english.contains("Back to the text"));
    assert!(english.contains("1 min read"));
    let portuguese = site.page("pt/index.html");
    assert!(portuguese.contains("<html lang=\"pt-BR\" dir=\"ltr\""));
    assert!(portuguese.contains("Saltar para o conteúdo"));
    assert!(portuguese.contains("Voltar ao texto") && portuguese.contains("1 min de leitura"));
    assert!(portuguese.contains("2 de janeiro de 2024"));
}

#[test]
fn a_word_of_the_site_changes_the_pages_that_say_it() {
    let site = two_languages();
    site.build();
    site.put("i18n/pt.yaml", "skip: Pular\nback_to_text: Voltar\n");
    let report = site.build();
    assert_eq!(report.rendered, 1, "{:?}", report.reasons);
    let page = site.page("pt/index.html");
    assert!(page.contains("Pular") && page.contains("\"Voltar\""));
    assert!(page.contains("1 min de leitura"));
    assert_eq!(site.build().rendered, 0);
    site.delete("i18n/pt.yaml");
    site.build();
    assert!(site.page("pt/index.html").contains("Saltar"));
}

#[test]
fn words_that_are_not_there_are_told_with_the_nearest() {
    let site = two_languages();
    site.put("i18n/de.yaml", "skipp: Springen\n");
    let report = site.build();
    let warning = &report.diagnostics[0];
    assert_eq!(warning.message, "unknown word `skipp`");
    assert_eq!(warning.hints[0], "did you mean `skip`?");
    assert_eq!(warning.place.as_ref().unwrap().path, "i18n/de.yaml");
    site.delete("i18n/de.yaml");
    for (template, message, hint) in [
        (
            "{{ words.skipp }}",
            "unknown word `skipp`",
            "did you mean `skip`?",
        ),
        (
            "{{ words.minutes }}",
            "the word `minutes` has blanks",
            "fill them in: `words.minutes | fill(n=3)`",
        ),
    ] {
        site.put("templates/article.html", template);
        let faults = site.try_build().unwrap_err();
        assert_eq!(faults[0].message, message);
        assert!(faults[0].hints.iter().any(|own| own == hint), "{faults:?}");
    }
    site.put(
        "templates/article.html",
        "{{ words.series | fill(n=1, m=2) }}",
    );
    let faults = site.try_build().unwrap_err();
    assert!(told(&faults[0]).contains("fill(name=...)"), "{faults:?}");
    // A theme's own word needs no word in English where the site's language has it.
    site.put("i18n/en.yaml", "greeting: Good day\n");
    site.put("templates/article.html", "{{ words.greeting }}");
    site.build();
    assert_eq!(site.page("pt/index.html").trim(), "Good day");
}

#[test]
fn a_language_without_words_is_told_once() {
    let site = two_languages();
    site.put("dateline.yaml", format!("{CONFIG}language: fi\n"));
    let report = site.build();
    let messages: Vec<_> = report.diagnostics.iter().map(|one| &one.message).collect();
    assert_eq!(
        messages,
        ["the theme has no words in `fi`; its pages speak English"]
    );
}

#[test]
fn plural_forms_are_those_of_the_language() {
    let site = two_languages();
    site.put(
        "templates/article.html",
        "{% for n in [0, 1, 2, 3, 5, 11, 100, 1200] %}{{ words.articles | fill(n=n) }}|{% endfor %}",
    );
    for (language, expect) in [
        (
            "en",
            "0 articles|1 article|2 articles|3 articles|5 articles|11 articles|100 articles|1,200 articles|",
        ),
        (
            "pl",
            "0 artykułów|1 artykuł|2 artykuły|3 artykuły|5 artykułów|11 artykułów|100 artykułów|1200 artykułów|",
        ),
        (
            "ar",
            "لا مقالات|مقال واحد|مقالان|3 مقالات|5 مقالات|11 مقالًا|100 مقال|1,200 مقال|",
        ),
        (
            "ja",
            "0本の記事|1本の記事|2本の記事|3本の記事|5本の記事|11本の記事|100本の記事|1,200本の記事|",
        ),
    ] {
        site.put("dateline.yaml", format!("{CONFIG}language: {language}\n"));
        site.build();
        assert_eq!(site.page("en/index.html").trim(), expect);
    }
}

/// Each shipped language has every word, every plural form that it needs, and the blanks of English.
#[test]
fn the_shipped_words_are_whole() {
    let files = builtin::files("broadsheet").unwrap();
    let read = |language: &str| {
        let path = format!("i18n/{language}.yaml");
        let found = files.iter().find(|(known, _)| *known == path);
        let (_, bytes) = found.unwrap_or_else(|| panic!("{path} is not in the program"));
        let text = std::str::from_utf8(bytes).unwrap();
        let (file, faults) = dateline::source::words::parse(&path, text);
        assert_eq!(faults, [], "{path}");
        file.words
    };
    let english = read("en");
    for language in [
        "en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ar", "zh", "ja", "ko",
    ] {
        let words = read(language);
        let keys = |words: &[dateline::source::words::Word]| -> Vec<String> {
            words.iter().map(|word| word.key.clone()).collect()
        };
        assert_eq!(keys(&words), keys(&english), "{language}");
        let needed = plural_categories(language).unwrap();
        for (word, model) in words.iter().zip(&english) {
            if model.forms.len() > 1 {
                let mut forms: Vec<_> = word.forms.iter().map(|(name, _)| name.as_str()).collect();
                let mut needed = needed.clone();
                forms.sort_unstable();
                needed.sort_unstable();
                assert_eq!(forms, needed, "{language} {}", word.key);
            }
            // A number may be written out in a word, such as two; a name may not be lost.
            let blanks: BTreeSet<&str> = word.blanks().collect();
            let known: BTreeSet<&str> = model.blanks().collect();
            assert_eq!(blanks, known, "{language} {}", word.key);
        }
    }
}
