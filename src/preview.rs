//! The preview: the site as it would be published, in a browser, while it is being written.
//!
//! Nothing is built. A [`desk`] reads the site whenever [`watch`] hears that files have changed, and
//! puts an [`edition`] on the [`stand`]; the [`server`] renders a page of it when a browser asks, with
//! the functions that a build uses. Pages carry a script that hears from the stand when they are no
//! longer what they were, fetches themselves and takes over what differs.
//!
//! | part | what it does |
//! |---|---|
//! | [`places`], [`watch`], [`batch`], [`poll`] | events of the file system become one quiet batch |
//! | [`desk`], [`quick`], [`edition`] | a batch becomes an edition, or a list of what is wrong |
//! | [`stand`] | the edition that is out, and the tabs that look at it |
//! | [`server`], [`request`], [`response`], [`token`] | HTTP, within limits, for this machine only |
//! | [`answer`], [`address`], [`rules`], [`media_type`] | a path becomes a page of the plan, or nothing |
//! | [`page`], [`editor`] | what is added to a page: the script, the bar, the overlay |

pub mod address;
pub mod answer;
pub mod batch;
pub mod desk;
pub mod edition;
pub mod editor;
pub mod media_type;
pub mod page;
pub mod places;
pub mod poll;
pub mod quick;
pub mod request;
pub mod response;
pub mod rules;
pub mod server;
pub mod stand;
pub mod token;
pub mod watch;
