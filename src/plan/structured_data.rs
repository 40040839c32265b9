//! Pages as schema.org JSON-LD: NewsArticle, WebPage, ProfilePage, CollectionPage, with breadcrumbs.
//!
//! Serialised from values, never pasted, and safe inside a script element.

use super::page::{List, Page, Subject};
use super::view::{Info, View};
use crate::archive::taxonomy::Term;
use crate::archive::{Archive, ArticleId};
use crate::base::route::Route;
use crate::source::article::Data;
use crate::source::markdown;
use crate::theme::kind::Kind;
use serde_json::{Value, json};
use tera::value::Key;

/// Returns a page's JSON-LD.
pub fn of(view: &View<'_>, page: &Page, info: &Info) -> String {
    let archive = view.archive;
    let own = archive.permalink(&page.route);
    let mut graph = vec![match &page.subject {
        Subject::Article(id) => article(view, *id, info, &own),
        Subject::List(List::Term(group, term), _)
            if archive.groups[*group].taxonomy.key == "authors" =>
        {
            let author = author(archive, &archive.groups[*group].terms[*term]);
            json!({ "@type": "ProfilePage", "@id": own, "url": own, "name": info.title, "mainEntity": author })
        }
        _ if info.kind == Kind::Home => json!({
            "@type": "WebSite", "@id": format!("{own}#website"), "url": own, "name": archive.config.title,
            "description": info.description, "inLanguage": info.language, "publisher": publisher(view),
        }),
        _ => json!({
            "@type": "CollectionPage", "@id": own, "url": own, "name": info.title,
            "description": info.description, "inLanguage": info.language,
        }),
    }];
    let crumbs = view.crumbs(page);
    if crumbs.len() > 1 {
        let items = crumbs.into_iter().enumerate().map(|(at, (name, route))| {
            json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": archive.permalink(&route) })
        });
        graph.push(
            json!({ "@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>() }),
        );
    }
    script_safe(&json!({ "@context": "https://schema.org", "@graph": graph }).to_string())
}

fn article(view: &View<'_>, id: ArticleId, info: &Info, own: &str) -> Value {
    let archive = view.archive;
    let one = archive.article(id);
    let meta = &one.article.meta;
    let mut node = json!({
        "url": own,
        "headline": meta.headline,
        "description": info.description,
        "inLanguage": info.language,
        "publisher": publisher(view),
    });
    let mut set = |key: &str, value: Value| {
        if let Some(fields) = node.as_object_mut() {
            fields.insert(key.to_owned(), value);
        }
    };
    // News has a date; what has none, such as an imprint, is a page like any other.
    if let Some(published) = &meta.timestamp {
        set("@type", "NewsArticle".into());
        set("@id", format!("{own}#article").into());
        set("mainEntityOfPage", own.into());
        set("wordCount", one.article.outline.words.into());
        if one.section != 0 {
            set(
                "articleSection",
                archive.sections[one.section].title.clone().into(),
            );
        }
        set("datePublished", published.rfc3339_full().into());
        let changed = meta.updated.filter(|updated| updated >= published);
        set(
            "dateModified",
            changed.as_ref().unwrap_or(published).rfc3339_full().into(),
        );
    } else {
        set("@type", "WebPage".into());
        set("@id", own.into());
    }
    if let Some(image) = image(info, meta.photo.is_some()) {
        set("image", image);
    }
    set("author", authors(view, id));
    if !meta.tags.is_empty() {
        set("keywords", meta.tags.clone().into());
    }
    if !meta.corrections.is_empty() {
        let corrections = meta.corrections.iter().map(|correction| {
            let text = markdown::plain_text(&markdown::inline(&correction.text, &archive.config.markdown, None));
            json!({ "@type": "CorrectionComment", "datePublished": correction.date.rfc3339(), "text": text })
        });
        set("correction", corrections.collect::<Vec<_>>().into());
    }
    node
}

fn image(info: &Info, is_photo: bool) -> Option<Value> {
    let field = |name: &str| {
        info.image
            .as_map()
            .and_then(|map| map.get(&Key::from(name.to_owned())).cloned())
    };
    let address = field("permalink")?;
    let mut node = json!({ "@type": "ImageObject", "url": address.as_str()?, "contentUrl": address.as_str()? });
    let fields = node.as_object_mut()?;
    for name in ["width", "height"] {
        if let Some(number) = field(name).and_then(|value| value.as_u64()) {
            // schema.org allows no bare number here; E37 is UN/CEFACT's code of the pixel.
            let pixels =
                json!({ "@type": "QuantitativeValue", "value": number, "unitCode": "E37" });
            fields.insert(name.to_owned(), pixels);
        }
    }
    if is_photo {
        if let Some(credit) = field("credit").filter(|credit| credit.is_string()) {
            fields.insert("creditText".to_owned(), credit.as_str()?.into());
        }
        if let Some(caption) = field("caption").filter(|caption| caption.is_string()) {
            let caption = markdown::plain_text(caption.as_str()?);
            fields.insert("caption".to_owned(), caption.into());
        }
    }
    Some(node)
}

fn authors(view: &View<'_>, id: ArticleId) -> Value {
    let archive = view.archive;
    let one = archive.article(id);
    let group = archive
        .groups
        .iter()
        .position(|group| group.taxonomy.key == "authors");
    let authors: Vec<Value> = match group {
        Some(group) => {
            let terms = one.terms[group]
                .iter()
                .map(|term| &archive.groups[group].terms[*term]);
            terms.map(|term| author(archive, term)).collect()
        }
        None => {
            let names = one.article.meta.authors.iter();
            names
                .map(|name| json!({ "@type": "Person", "name": name }))
                .collect()
        }
    };
    match authors.is_empty() {
        true => publisher(view),
        false => authors.into(),
    }
}

/// Describes who writes: a person, or an organization where `data/authors.yaml` gives that `type`.
fn author(archive: &Archive, term: &Term) -> Value {
    let person = term.person.as_ref();
    let is_organization = person.is_some_and(|person| match &person.extra {
        Data::Map(entries) => entries.iter().any(|(key, value)| {
            key == "type"
                && matches!(value, Data::Text(kind) if kind.eq_ignore_ascii_case("organization"))
        }),
        _ => false,
    });
    let mut node = json!({
        "@type": if is_organization { "Organization" } else { "Person" },
        "name": term.name,
        "url": archive.permalink(&term.route),
    });
    let (Some(person), Some(fields)) = (person, node.as_object_mut()) else {
        return node;
    };
    if let Some(role) = person.role.as_ref().filter(|_| !is_organization) {
        fields.insert("jobTitle".to_owned(), role.clone().into());
    }
    let elsewhere = person
        .url
        .iter()
        .chain(person.links.iter().map(|(_, address)| address));
    let elsewhere: Vec<Value> = elsewhere.map(|address| address.clone().into()).collect();
    if !elsewhere.is_empty() {
        fields.insert("sameAs".to_owned(), elsewhere.into());
    }
    node
}

fn publisher(view: &View<'_>) -> Value {
    let archive = view.archive;
    let config = &archive.config;
    let home = archive.permalink(&Route::home());
    let name = if config.publisher.name.is_empty() {
        &config.title
    } else {
        &config.publisher.name
    };
    let url = config.publisher.url.as_deref().unwrap_or(&home);
    let mut node = json!({ "@type": "NewsMediaOrganization", "@id": format!("{home}#publisher"), "name": name, "url": url });
    let logo = config
        .publisher
        .logo
        .as_deref()
        .map(|logo| match logo.strip_prefix('/') {
            Some(path) => format!("{}/{path}", config.base_url),
            None => logo.to_owned(),
        });
    if let (Some(logo), Some(fields)) = (logo, node.as_object_mut()) {
        fields.insert(
            "logo".to_owned(),
            json!({ "@type": "ImageObject", "url": logo }),
        );
    }
    node
}

/// Escapes what could end a script element, or a line of one.
fn script_safe(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_cannot_end_the_script() {
        let safe = script_safe(&json!({ "headline": "</script><b>&" }).to_string());
        assert!(!safe.contains('<') && !safe.contains('&'));
        let back: Value = serde_json::from_str(&safe).expect("it is still JSON");
        assert_eq!(back["headline"], "</script><b>&");
    }
}
