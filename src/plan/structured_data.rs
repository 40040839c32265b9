//! Pages as schema.org JSON-LD: one graph of what the page is, the way to it, its pictures, the site and
//! its publisher.
//!
//! Serialised from typed values, never pasted, and safe inside a script element.

mod article;
mod breadcrumbs;
mod correction;
mod image;
mod image_credit;
mod list;
mod live;
mod organization;
mod person;
mod website;

use super::page::{List, Page, Subject};
use super::view::{Content, Info, View};
use crate::archive::makers::CREDITS;
use article::{Article, WebPage};
use breadcrumbs::BreadcrumbList;
use image::ImageObject;
use list::{CollectionPage, ProfilePage};
use organization::Organization;
use serde::Serialize;
use website::WebSite;

const CONTEXT: &str = "https://schema.org";

/// A page's JSON-LD.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Node<'a>>,
}

/// A thing that a page tells of.
#[derive(Serialize)]
#[serde(untagged)]
enum Node<'a> {
    Article(Box<Article<'a>>),
    Page(WebPage<'a>),
    Collection(CollectionPage),
    Profile(Box<ProfilePage>),
    Crumbs(BreadcrumbList),
    Image(ImageObject),
    Site(WebSite<'a>),
    Publisher(Organization<'a>),
}

/// What is known of a thing that is told elsewhere in the graph.
#[derive(Debug, Clone, Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

/// Returns a page's JSON-LD; `content` is the HTML of its body.
pub fn of(view: &View<'_>, page: &Page, info: &Info, content: &Content) -> String {
    let archive = view.archive;
    let own = archive.permalink(&page.route);
    let mut graph = Vec::with_capacity(5);
    match &page.subject {
        Subject::Article(id) => {
            let one = archive.article(*id);
            graph.push(match &one.article.meta.timestamp {
                // News has a date; what has none, such as an imprint, is a page like any other.
                Some(published) => {
                    let article = Article::of(view, *id, info, &own, published, content);
                    Node::Article(Box::new(article))
                }
                None => Node::Page(WebPage::of(view, Some(*id), info, &own)),
            });
            let further = image::of_body(view, one);
            graph.extend(further.into_iter().map(Node::Image));
        }
        Subject::List(List::Term(group, term), slice)
            if slice.is_front
                && matches!(
                    archive.groups[*group].taxonomy.key.as_str(),
                    "authors" | CREDITS
                ) =>
        {
            let profile = ProfilePage::of(view, &archive.groups[*group].terms[*term], info, &own);
            graph.push(Node::Profile(Box::new(profile)));
        }
        Subject::NotFound | Subject::SearchPage(_) => {
            graph.push(Node::Page(WebPage::of(view, None, info, &own)))
        }
        _ => graph.push(Node::Collection(CollectionPage::of(view, page, info, &own))),
    }
    graph.extend(BreadcrumbList::of(view, page).map(Node::Crumbs));
    graph.push(Node::Site(WebSite::of(view)));
    graph.push(Node::Publisher(Organization::publisher(archive)));
    let document = Document {
        context: CONTEXT,
        graph,
    };
    let json = serde_json::to_string(&document).expect("texts, numbers and lists make JSON");
    script_safe(&json)
}

/// Returns the id of the site in every graph.
fn site_id(home: &str) -> Reference {
    Reference {
        id: format!("{home}#website"),
    }
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
    use serde_json::Value;

    #[test]
    fn a_headline_cannot_end_the_script() {
        let headline = "</script><b>&\u{2028}";
        let safe = script_safe(&serde_json::to_string(headline).unwrap());
        assert!(!safe.contains(['<', '&', '\u{2028}']));
        let back: Value = serde_json::from_str(&safe).expect("it is still JSON");
        assert_eq!(back, headline);
    }
}
