//! Tests: what a template asks of a value after `is`.

use super::date::timestamp;
use super::{FilterSettings, TESTS, check_arguments, strings};
use crate::base::timestamp::Precision;
use std::sync::Arc;
use tera::{Kwargs, State, Tera, TeraResult, Value};

pub(super) fn add_after(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_test(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(TESTS, name, &kwargs)?;
        let zone = &settings.time_zone;
        let other = kwargs.must_get::<&Value>("other")?;
        let (this, other) = (timestamp(value, zone, name)?, timestamp(other, zone, name)?);
        TeraResult::Ok(this.instant() > other.instant())
    });
}

pub(super) fn add_same_day(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_test(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(TESTS, name, &kwargs)?;
        let zone = &settings.time_zone;
        let other = kwargs.must_get::<&Value>("other")?;
        let (this, other) = (timestamp(value, zone, name)?, timestamp(other, zone, name)?);
        let is_day = |precision| !matches!(precision, Precision::Year | Precision::Month);
        let are_days = is_day(this.precision()) && is_day(other.precision());
        TeraResult::Ok(are_days && this.date() == other.date())
    });
}

pub(super) fn add_timed(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_test(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(TESTS, name, &kwargs)?;
        let precision = timestamp(value, &settings.time_zone, name)?.precision();
        TeraResult::Ok(matches!(precision, Precision::Minute | Precision::Second))
    });
}

pub(super) fn add_external(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_test(name, move |url: &str, kwargs: Kwargs, _: &State| {
        check_arguments(TESTS, name, &kwargs)?;
        let own = url.strip_prefix(settings.base_url.as_str());
        let is_own = own.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
        TeraResult::Ok((strings::has_scheme(url) || url.starts_with("//")) && !is_own)
    });
}
