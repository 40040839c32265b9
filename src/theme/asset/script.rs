//! Scripts: imports of assets replaced by published ones, minified.

use super::{AssetFile, Find, lowered, published, text};
use crate::base::diagnostic::{Diagnostic, Place};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::{Parser, ParserReturn};
use oxc_span::SourceType;
use std::ops::Range;

/// Makes the script that a file is published as. A script is a module where it has an `import` or
/// an `export`, or is called `.mjs`.
pub(super) fn minified<'a>(
    file: AssetFile<'a>,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<Vec<u8>, Diagnostic> {
    let source = text(file)?;
    let source = with_published_imports(file, source, find, within)?;
    let allocator = Allocator::default();
    let mut program = parsed(&allocator, file, &source)?.program;
    let minified = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    let printed = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .build(&program);
    Ok(printed.code.into_bytes())
}

fn parsed<'s>(
    allocator: &'s Allocator,
    file: AssetFile<'_>,
    source: &'s str,
) -> Result<ParserReturn<'s>, Diagnostic> {
    let kind = if file.path.ends_with(".mjs") {
        SourceType::mjs()
    } else {
        SourceType::unambiguous()
    };
    let parsed = Parser::new(allocator, source, kind).parse();
    let Some(error) = parsed.errors.first() else {
        return Ok(parsed);
    };
    let label = error.labels.as_ref().and_then(|labels| labels.first());
    let place = label.map_or_else(
        || Place::file(file.shown),
        |label| {
            Place::range(
                file.shown,
                source,
                label.offset()..label.offset() + label.len(),
            )
        },
    );
    let fault = Diagnostic::error(lowered(&error.message)).at(place);
    Err(match &error.help {
        Some(help) => fault.hint(lowered(help)),
        None => fault,
    })
}

/// Puts the published address in the place of every relative address that is imported.
fn with_published_imports<'a>(
    file: AssetFile<'a>,
    source: &str,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<String, Diagnostic> {
    let allocator = Allocator::default();
    let record = parsed(&allocator, file, source)?.module_record;
    let stretch = |span: oxc_span::Span| span.start as usize..span.end as usize;
    let mut places: Vec<Range<usize>> = record
        .requested_modules
        .values()
        .flatten()
        .map(|request| stretch(request.span))
        .chain(
            record
                .dynamic_imports
                .iter()
                .map(|import| stretch(import.module_request)),
        )
        .collect();
    places.sort_by_key(|place| place.start);
    let mut result = String::with_capacity(source.len());
    let mut at = 0;
    for place in places {
        // An address that is computed stays; so does one by a name of an import map.
        let Some(address) = literal(&source[place.clone()]) else {
            continue;
        };
        if !address.starts_with("./") && !address.starts_with("../") {
            continue;
        }
        match published((file.path, address, file.path), find, within) {
            None => {}
            Some(Ok(address)) => {
                result.push_str(&source[at..place.start]);
                result.push_str(&format!("\"{address}\""));
                at = place.end;
            }
            Some(Err(missing)) => {
                return Err(missing.at(Place::range(file.shown, source, place)));
            }
        }
    }
    result.push_str(&source[at..]);
    Ok(result)
}

/// Returns what a plain literal says.
fn literal(source: &str) -> Option<&str> {
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = source.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', quote])).then_some(inner)
}
