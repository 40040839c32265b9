//! The HTML of pictures.

use super::address::{self, Address};
use super::html::Writer;
use super::marks::is_marked;
use super::pieces::Image;
use super::text::{escape, escape_address};
use super::{PictureNotes, PictureSource, Resolver, line};
use crate::source::config::RawHtml;
use std::fmt::Write as _;
use std::ops::Range;

impl Writer<'_> {
    /// Writes a picture: in its text, or as a figure with its caption and credit.
    pub(super) fn picture(&mut self, image: &Image<'_>) {
        let kind = address::kind(&image.src, true);
        let is_trusted = self.settings.raw_html == RawHtml::Trusted;
        if kind == Address::Harmful && !is_trusted
            || is_marked(&image.src)
            || is_marked(&image.title)
        {
            return escape(&mut self.out, &image.alt);
        }
        if self.settings.plain {
            self.out.push_str("<img src=\"");
            escape_address(&mut self.out, &image.src);
            self.out.push_str("\" alt=\"");
            escape(&mut self.out, &image.alt);
            self.attribute("title", &image.title);
            return self.out.push_str("\" />");
        }
        let Some(resolver) = self.resolver() else {
            return;
        };
        let class = image.attribute("class").unwrap_or_default();
        let source = source(resolver, image, kind);
        if image.is_figure && self.flat.is_none() {
            self.begin_block();
            self.out.push_str("<figure");
            if !class.is_empty() {
                self.out.push_str(" class=\"");
                escape(&mut self.out, class);
                self.out.push('"');
            }
            self.out.push('>');
            self.linked(image, |writer| writer.img(image, &source, "", ""));
            self.caption(image, source.notes.as_deref(), resolver);
            return self.out.push_str("</figure>\n");
        }
        self.linked(image, |writer| {
            writer.img(image, &source, &image.title, class);
        });
    }

    /// Writes pictures that share a paragraph: as figures where one of them is a photo, or has a credit
    /// or a caption; others, such as badges, stay in a row.
    pub(super) fn group(&mut self, images: &mut [(Image<'_>, Range<usize>)]) {
        let Some(resolver) = self.resolver() else {
            return;
        };
        let is_figure = |image: &Image<'_>| {
            let is_given = |key| {
                image
                    .attribute(key)
                    .is_some_and(|text| !text.trim().is_empty())
            };
            let kind = address::kind(&image.src, true);
            is_given("credit") || is_given("caption") || source(resolver, image, kind).is_photo
        };
        let are_figures = images.iter().any(|(image, _)| is_figure(image));
        if are_figures {
            return images.iter().for_each(|(image, _)| self.picture(image));
        }
        self.begin_block();
        self.out.push_str("<p>");
        for (at, (image, _)) in images.iter_mut().enumerate() {
            image.is_figure = false;
            if at > 0 {
                self.out.push('\n');
            }
            self.picture(image);
        }
        self.out.push_str("</p>\n");
    }

    /// Writes what is in the link of a picture, where it has one.
    fn linked(&mut self, image: &Image<'_>, write: impl FnOnce(&mut Self)) {
        if let Some(link) = &image.link {
            self.start_link(link.kind, &link.target, &link.title);
        }
        write(self);
        if image.link.is_some() {
            self.end_link();
        }
    }

    /// Writes the picture itself.
    fn img(&mut self, image: &Image<'_>, source: &PictureSource, title: &str, class: &str) {
        let sizes = source.sizes.as_deref().unwrap_or_default();
        if !source.sources.is_empty() {
            self.out.push_str("<picture>");
        }
        for (media_type, srcset) in &source.sources {
            self.out.push_str("<source type=\"");
            self.out.push_str(media_type);
            self.attribute("srcset", srcset);
            self.attribute("sizes", sizes);
            self.out.push_str("\">");
        }
        let known = source.notes.as_ref().and_then(|notes| notes.alt.as_deref());
        let alt = match image.alt.trim() {
            "" => known.unwrap_or_default(),
            _ => &image.alt,
        };
        self.out.push_str("<img src=\"");
        escape_address(&mut self.out, &source.url);
        if let Some(srcset) = &source.srcset {
            self.attribute("srcset", srcset);
            self.attribute("sizes", sizes);
        }
        self.out.push_str("\" alt=\"");
        escape(&mut self.out, alt);
        self.attribute("title", title);
        self.attribute("class", class);
        for (name, pixels) in [("width", source.width), ("height", source.height)] {
            if let Some(pixels) = pixels {
                let _ = write!(self.out, "\" {name}=\"{pixels}");
            }
        }
        self.attribute("data-tint", source.tint.as_deref().unwrap_or_default());
        self.out.push_str("\" loading=\"lazy\" decoding=\"async\">");
        if !source.sources.is_empty() {
            self.out.push_str("</picture>");
        }
    }

    /// Writes a further attribute, if it has a value; the one before is still open.
    fn attribute(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            let _ = write!(self.out, "\" {name}=\"");
            escape(&mut self.out, value);
        }
    }

    /// Writes the caption, the label of a picture that no camera took, and the credit, which is shown
    /// exactly as it is written.
    fn caption(
        &mut self,
        image: &Image<'_>,
        notes: Option<&PictureNotes>,
        resolver: &dyn Resolver,
    ) {
        let words = resolver.words();
        let known = |text: fn(&PictureNotes) -> &Option<String>| {
            notes
                .and_then(|notes| text(notes).clone())
                .unwrap_or_default()
        };
        let caption = match image.caption() {
            "" => known(|notes| &notes.caption),
            caption => caption.to_owned(),
        };
        let (given, reason) = (
            image.attribute("credit"),
            image.attribute("no_credit_reason"),
        );
        let is_given = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
        let credit = match is_given(given) || is_given(reason) {
            true => given.unwrap_or_default().to_owned(),
            false => known(|notes| &notes.credit),
        };
        let origin = notes.and_then(|notes| notes.origin);
        let credit = Some(credit).filter(|credit| !credit.trim().is_empty());
        if caption.is_empty() && credit.is_none() && origin.is_none() {
            return;
        }
        self.out.push_str("<figcaption>");
        if !caption.is_empty() {
            self.out.push_str("<span class=\"caption\">");
            let html = line::html(&caption, self.settings, Some(resolver));
            self.out.push_str(&html);
            self.out.push_str("</span>");
        }
        let mut space = if caption.is_empty() { "" } else { " " };
        if let Some(origin) = origin {
            let _ = write!(self.out, "{space}<span class=\"origin\">");
            escape(&mut self.out, words.origin(origin));
            self.out.push_str("</span>");
            space = " ";
        }
        if let Some(credit) = credit {
            let _ = write!(
                self.out,
                "{space}<span class=\"credit\"><span class=\"vh\">"
            );
            escape(&mut self.out, &words.photo);
            self.out.push_str(": </span>");
            escape(&mut self.out, &credit);
            self.out.push_str("</span>");
        }
        self.out.push_str("</figcaption>");
    }
}

/// Asks the site for a picture.
fn source(resolver: &dyn Resolver, image: &Image<'_>, kind: Address) -> PictureSource {
    match kind {
        Address::Source | Address::Local => resolver.picture(&image.src),
        _ => PictureSource {
            url: image.src.to_string(),
            notes: resolver.notes(&image.src),
            ..PictureSource::default()
        },
    }
}
