//! The parts of what a page sees, each in eight bits: enough to say what changed, too few to decide
//! whether something did, which is for the fingerprint of the whole.

use super::page::{Page, Subject};
use super::plan::{environment, template};
use super::view::View;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::theme::theme::Theme;
use crate::theme::variable::VARIABLES;
use serde::{Deserialize, Serialize};

/// The slot of the template; those of the variables come before it, in the order of the vocabulary.
const TEMPLATE: usize = VARIABLES.len();
/// The slot of what every page depends on.
const ENVIRONMENT: usize = TEMPLATE + 1;

/// Eight bits for each thing that a page can see; 0 where it does not see it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts([u8; ENVIRONMENT + 1]);

impl Parts {
    /// Takes the parts of what a page sees.
    pub fn of(view: &View<'_>, theme: &Theme, page: &Page) -> Self {
        let mut parts = [0; ENVIRONMENT + 1];
        let mut set = |slot: usize, print: Fingerprint| parts[slot] = print.check().max(1);
        if !matches!(
            page.subject,
            Subject::File(_)
                | Subject::Asset(_)
                | Subject::Derivative(_)
                | Subject::Icon(_)
                | Subject::Card(_)
                | Subject::Index
        ) {
            set(ENVIRONMENT, environment(view.archive));
        }
        if let Subject::Feed(list, _) = page.subject {
            let mut cards = Fingerprinter::new("feed");
            for id in list.feed_articles(view.archive) {
                cards.fingerprint(view.archive.article(id).card);
            }
            set(variable("articles"), cards.finish());
            set(variable("site"), view.site_print());
            set(
                variable("words"),
                theme.words.of(&view.archive.config.language).print,
            );
        }
        if let Some(name) = template(view.archive, theme, &page.subject) {
            let template = theme.analysis(name);
            set(TEMPLATE, template.fingerprint);
            for variable in template.variables.iter() {
                set(variable, view.variable_print(variable, page));
            }
        }
        Self(parts)
    }

    /// Says what changed since `old`; none where eight bits don't tell.
    pub fn change(&self, old: &Self) -> Option<String> {
        if self.0[ENVIRONMENT] != old.0[ENVIRONMENT] {
            return Some("the configuration changed, or dateline itself".to_owned());
        }
        // Another template can see other variables; they are not what changed.
        if self.0[TEMPLATE] != old.0[TEMPLATE] {
            return Some("the template changed".to_owned());
        }
        let changed = (0..TEMPLATE).filter(|slot| self.0[*slot] != old.0[*slot]);
        let names: Vec<String> = changed
            .map(|slot| format!("`{}`", VARIABLES[slot].name))
            .collect();
        (!names.is_empty()).then(|| format!("{} changed", names.join(", ")))
    }
}

/// Returns the slot of a variable.
fn variable(name: &str) -> usize {
    let found = VARIABLES.iter().position(|variable| variable.name == name);
    found.expect("the name is one of the vocabulary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_hides_its_variables_and_the_configuration_both() {
        let with = |changed: &[usize]| {
            let mut parts = Parts([1; ENVIRONMENT + 1]);
            changed.iter().for_each(|slot| parts.0[*slot] = 2);
            parts.change(&Parts([1; ENVIRONMENT + 1]))
        };
        assert_eq!(with(&[]), None);
        let both = [variable("site"), variable("article")];
        assert_eq!(with(&both).as_deref(), Some("`site`, `article` changed"));
        assert_eq!(
            with(&[0, TEMPLATE]).as_deref(),
            Some("the template changed")
        );
        let all = with(&[0, TEMPLATE, ENVIRONMENT]);
        assert_eq!(
            all.as_deref(),
            Some("the configuration changed, or dateline itself")
        );
    }
}
