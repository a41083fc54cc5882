//! SES tenants: each practice has one, so that its reputation is its own and one bad list does not stop all (D4).
//!
//! A tenant sends by the resources that it was given: the identity of the mail domain and the configuration set, which
//! all of them share
//! (<https://docs.aws.amazon.com/ses/latest/dg/tenants.html>, read 2026-11-22).

use aws_sdk_sesv2::{
    Client,
    error::{DisplayErrorContext, SdkError},
    operation::{
        create_tenant::CreateTenantError,
        create_tenant_resource_association::CreateTenantResourceAssociationError as AssociationError,
    },
};

/// Makes tenants.
#[derive(Clone, Debug)]
pub struct Tenants {
    client: Client,
    resources: Vec<String>,
}

/// Why a tenant is not there, or may not send yet. What was made before stays: doing it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum TenantRefused {
    /// The account has as many as it may.
    #[error("the account has as many SES tenants as it may: ask AWS for a higher quota, then run this again")]
    TooMany,
    /// SES knows no such identity or configuration set.
    #[error("SES knows no {0} in this account and region")]
    NoSuchResource(String),
    /// SES could not be reached, or does not allow it.
    #[error("{operation} failed: {why}")]
    Failed {
        /// Which request.
        operation: &'static str,
        /// What SES or the network said.
        why: String,
    },
}

fn failed<E: std::error::Error>(operation: &'static str, error: E) -> TenantRefused {
    TenantRefused::Failed { operation, why: DisplayErrorContext(error).to_string() }
}

impl Tenants {
    /// Tenants that may send by these resources: the ARNs of an identity and of a configuration set.
    pub fn new(client: Client, resources: impl IntoIterator<Item = String>) -> Self {
        Self { client, resources: resources.into_iter().collect() }
    }

    /// Makes the tenant of this name (at most 64 letters, digits, `-` and `_`) and gives it its resources. What is there
    /// already is left as it is, so it may be done again whenever it was cut off.
    pub async fn make(&self, name: &str) -> Result<(), TenantRefused> {
        match self.client.create_tenant().tenant_name(name).send().await {
            Ok(_) => {}
            Err(error) => match error.as_service_error() {
                Some(CreateTenantError::AlreadyExistsException(_)) => {}
                Some(CreateTenantError::LimitExceededException(_)) => return Err(TenantRefused::TooMany),
                Some(_) | None => return Err(failed("CreateTenant", error)),
            },
        }
        for resource in &self.resources {
            self.give(name, resource).await?;
        }
        Ok(())
    }

    async fn give(&self, name: &str, resource: &str) -> Result<(), TenantRefused> {
        let association = self.client.create_tenant_resource_association().tenant_name(name).resource_arn(resource);
        let refused: SdkError<AssociationError> = match association.send().await {
            Ok(_) => return Ok(()),
            Err(refused) => refused,
        };
        match refused.as_service_error() {
            Some(AssociationError::AlreadyExistsException(_)) => Ok(()),
            Some(AssociationError::NotFoundException(_)) => Err(TenantRefused::NoSuchResource(resource.to_owned())),
            Some(_) | None => Err(failed("CreateTenantResourceAssociation", refused)),
        }
    }
}
