//! Make or repair the SES tenant of a practice.

use std::io::Write;

use hourkeep_app::platform::OperatorRefused;
use hourkeep_aws::tenants::Tenants;
use hourkeep_domain::ids::PracticeId;

use crate::{
    arguments::ResourceArguments,
    failure::{Failure, about},
    named::Named,
    reach::Reach,
};

/// What a tenant sends by.
pub(crate) struct Resources {
    identity: String,
    configuration_set: String,
}

impl Resources {
    /// Both, or none were given.
    pub(crate) fn of(said: &ResourceArguments) -> Option<Self> {
        let (identity, configuration_set) = (said.identity_arn.clone()?, said.configuration_set_arn.clone()?);
        Some(Self { identity, configuration_set })
    }
}

pub(crate) async fn tenant(
    reach: &Reach,
    practice: &Named,
    resources: &ResourceArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let resources = Resources::of(resources).ok_or(Failure::Unsaid(
        "name what it sends by: --identity-arn and --configuration-set-arn, or HOURKEEP_SES_IDENTITY_ARN and \
         HOURKEEP_SES_CONFIGURATION_SET_ARN (the outputs MailIdentityArn and ConfigurationSetArn of the stack)",
    ))?;
    let id = practice.id(reach).await?;
    // SES is not asked for a tenant that nobody would use.
    reach.platform.show(id).await.map_err(about(practice))?;
    make(reach, practice, id, resources).await?;
    writeln!(out, "{practice} sends its mail by the SES tenant {id}.")?;
    Ok(())
}

/// Makes the tenant in SES first: mail must not be sent by one that is not there.
pub(crate) async fn make(reach: &Reach, practice: &Named, id: PracticeId, resources: Resources) -> Result<(), Failure> {
    let Resources { identity, configuration_set } = resources;
    Tenants::new(reach.amazon.ses(), [identity, configuration_set]).make(&id.to_string()).await?;
    match reach.platform.set_tenant(id, &id.to_string()).await {
        Ok(_) | Err(OperatorRefused::NothingToDo) => Ok(()),
        Err(refused) => Err(about(practice)(refused)),
    }
}
