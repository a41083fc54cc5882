//! Requests as SES's API describes them. Nothing here plays SES: no other implementation of tenants is known.

use serde_json::json;

use super::wire::{Answer, OK, Wire, error};
use crate::tenants::{TenantRefused, Tenants};

const NAME: &str = "prc_00000000000000000000000001";
const IDENTITY: &str = "arn:aws:ses:us-east-1:1:identity/mail.hourkeep.test";
const SET: &str = "arn:aws:ses:us-east-1:1:configuration-set/hourkeep-mail";

async fn make(wire: &Wire) -> Result<(), TenantRefused> {
    Tenants::new(wire.amazon().ses(), [IDENTITY.to_owned(), SET.to_owned()]).make(NAME).await
}

#[tokio::test]
async fn a_tenant_is_made_and_given_what_it_sends_by() {
    let wire = Wire::answering([OK, OK, OK]);
    make(&wire).await.unwrap();
    let sent: Vec<_> = wire.sent().into_iter().map(|sent| (sent.method, sent.path, sent.body)).collect();
    let post = |path: &str, body| ("POST".to_owned(), path.to_owned(), body);
    assert_eq!(
        sent,
        [
            post("/v2/email/tenants", json!({"TenantName": NAME})),
            post("/v2/email/tenants/resources", json!({"TenantName": NAME, "ResourceArn": IDENTITY})),
            post("/v2/email/tenants/resources", json!({"TenantName": NAME, "ResourceArn": SET})),
        ]
    );
}

#[tokio::test]
async fn what_is_there_already_is_success() {
    let exists = || error(400, "AlreadyExistsException", r#"{"message": "exists"}"#);
    for answers in [[exists(), exists(), exists()], [exists(), OK, OK], [OK, exists(), OK], [exists(), exists(), OK]] {
        let wire = Wire::answering(answers);
        make(&wire).await.unwrap();
        assert_eq!(wire.sent().len(), 3);
    }
}

/// Whether it was made before its answer was lost nobody knows; made again, it is there already.
#[tokio::test]
async fn what_was_cut_off_goes_on_when_it_is_done_again() {
    let wire = Wire::answering([OK, Answer::Lost]);
    let refused = make(&wire).await.unwrap_err();
    assert!(refused.to_string().starts_with("CreateTenantResourceAssociation failed: "), "{refused}");
    let exists = || error(400, "AlreadyExistsException", "{}");
    make(&Wire::answering([exists(), exists(), OK])).await.unwrap();
}

#[tokio::test]
async fn what_the_operator_can_mend_is_named() {
    // The SDK takes this for a rate, and tries as often as it does.
    let full = [0; 4].map(|_| error(400, "LimitExceededException", "{}"));
    let full = make(&Wire::answering(full)).await.unwrap_err();
    assert!(matches!(full, TenantRefused::TooMany), "{full}");
    let unknown = make(&Wire::answering([OK, OK, error(404, "NotFoundException", "{}")])).await.unwrap_err();
    assert!(unknown.to_string().contains(SET), "{unknown}");
    let denied = error(403, "AccessDeniedException", r#"{"message": "not authorized to perform ses:CreateTenant"}"#);
    let denied = make(&Wire::answering([denied])).await.unwrap_err().to_string();
    assert!(denied.contains("CreateTenant") && denied.contains("not authorized to perform ses:CreateTenant"), "{denied}");
}
