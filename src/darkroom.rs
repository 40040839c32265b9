//! The darkroom: pictures that are made of the site's photos.
//!
//! A [`Derivative`](derivative::Derivative) is what is made, known from the photo's header and the
//! settings alone: pages name it, and the plan lists it, without a pixel decoded. Making it is a
//! function of the photo's bytes and of the derivative, so that equal ones have equal bytes, whatever
//! else is made of the same photo.

pub mod card;
pub mod derivative;
pub mod drawing;
pub mod encode;
pub mod icon;
pub mod make;
pub mod negative;
pub mod set;
pub mod slip;
pub mod tint;
