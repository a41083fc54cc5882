//! Answers that are streamed: what a function URL with `RESPONSE_STREAM` passes on piece by piece, beyond the 6 MB and the
//! time that one piece may take.

use std::{fmt::Debug, sync::Arc};

use bytes::Bytes;
use hourkeep_app::export::Exports;
use http::Response;
use http_body::Body;
use lambda_http::Request;
use lambda_runtime::{Diagnostic, Error};
use tower::Service;

use crate::{clock::SystemClock, config::BadConfig, journal::answering, parts::Parts};

impl Parts {
    /// What exports are read with: the table and the key of tickets, and nothing that changes or sends anything.
    pub fn exports(&self) -> Result<Exports, BadConfig> {
        Ok(Exports { table: self.table()?, clock: Arc::new(SystemClock), links: self.links()? })
    }
}

/// Answers a function URL's requests by a router, and streams the answers. Tokens are not looked at.
pub async fn http<S, B>(parts: &Parts, router: S) -> Result<(), Error>
where
    S: Service<Request, Response = Response<B>> + Clone + Send,
    S::Future: Send,
    S::Error: Debug + Into<Diagnostic> + Send,
    B: Body + Send + Unpin + 'static,
    B::Data: Into<Bytes> + Send,
    B::Error: Into<Error> + Send + Debug,
{
    lambda_http::run_with_streaming_response(answering(router, parts.round_trips())).await
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, SdkConfig};

    use super::*;
    use crate::clients::Amazon;

    const EXPORT: [(&str, &str); 4] = [
        ("HOURKEEP_TABLE", "hourkeep"),
        ("HOURKEEP_BASE_URL", "https://app.hourkeep.test"),
        ("HOURKEEP_MAIL_DOMAIN", "mail.hourkeep.test"),
        ("HOURKEEP_MANAGE_KEY", "0123456789abcdef0123456789abcdef"),
    ];

    fn exports(more: Option<(&str, &str)>) -> Result<Exports, BadConfig> {
        let amazon = Amazon::of(SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build());
        Parts::new(EXPORT.into_iter().chain(more).collect(), amazon).exports()
    }

    #[test]
    fn exports_need_nothing_that_changes_or_sends() {
        assert!(exports(None).is_ok());
    }

    #[test]
    fn the_address_of_exports_may_be_left_out_and_must_be_one() {
        const NAME: &str = "HOURKEEP_EXPORT_URL";
        assert!(exports(Some((NAME, "https://export.hourkeep.test/"))).is_ok());
        assert!(exports(Some((NAME, ""))).is_ok());
        let expected = "a web address such as https://app.hourkeep.example";
        assert_eq!(exports(Some((NAME, "export"))).err(), Some(BadConfig::Form { name: NAME, expected }));
    }
}
