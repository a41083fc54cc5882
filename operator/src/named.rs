//! How a practice is named on the command line.

use std::fmt;

use hourkeep_domain::{ids::PracticeId, text::Slug};

use crate::{failure::Failure, reach::Reach};

/// By its id or by its slug.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    Id(PracticeId),
    Slug(Slug),
}

/// Reads either: no slug looks like an id, which has an underscore.
pub(crate) fn named(text: &str) -> Result<Named, String> {
    if text.starts_with("prc_") {
        return text.parse().map(Named::Id).map_err(|error| format!("{error}"));
    }
    Slug::parse(text).map(Named::Slug).map_err(|_| "must be the slug or the id of a practice, such as harbour-clinic".to_owned())
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Slug(slug) => write!(f, "{slug}"),
        }
    }
}

impl Named {
    /// The practice's id. An id is taken as it is: whoever reads the practice sees whether it is there.
    pub(crate) async fn id(&self, reach: &Reach) -> Result<PracticeId, Failure> {
        match self {
            Self::Id(id) => Ok(*id),
            Self::Slug(slug) => reach.platform.of_slug(slug).await?.ok_or_else(|| Failure::NoSuchPractice(self.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_is_named_by_slug_or_id() {
        let id = PracticeId::from_bits(7);
        assert!(matches!(named(&id.to_string()), Ok(Named::Id(found)) if found == id));
        assert!(matches!(named("harbour-clinic"), Ok(Named::Slug(_))));
        for wrong in ["", "prc_7", "Harbour Clinic", "h"] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }
}
