//! Addresses: of sessions for clients, and of the page from which a recipient manages one.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac as _};
use hourkeep_domain::{
    code::SessionCode,
    ids::RecipientId,
    session::Details,
    text::{Email, Slug, Url},
};
use sha2::Sha256;

/// Where the product is reached, and the key that signs manage tokens. Cheap to clone.
#[derive(Clone)]
pub struct Links {
    base: Url,
    mail_domain: String,
    key: std::sync::Arc<[u8]>,
}

impl Links {
    /// `base` is the address of the pages, without a slash at its end; mails come from `mail_domain`; `key` is secret.
    pub fn new(base: &Url, mail_domain: &str, key: &[u8]) -> Self {
        Self { base: base.clone(), mail_domain: mail_domain.to_owned(), key: key.into() }
    }

    /// The page of a session.
    pub fn session(&self, code: SessionCode) -> Url {
        self.below(&format!("s/{code}"))
    }

    fn below(&self, path: &str) -> Url {
        // Codes, ids and tokens are made of letters, digits, hyphens and underscores, so this is an address.
        Url::parse(&format!("{}/{path}", self.base)).unwrap_or_else(|_| self.base.clone())
    }

    /// The page from which a recipient manages a session. Whoever has it may move and cancel, so it stands in mails
    /// only.
    pub fn manage(&self, details: &Details, recipient: RecipientId) -> Option<Url> {
        let code = details.clients.first()?.code;
        Some(self.below(&format!("m/{code}/{recipient}/{}", self.manage_token(details, recipient))))
    }

    /// The token of a manage link: an HMAC of session, recipient and generation, cut to 128 bits.
    pub fn manage_token(&self, details: &Details, recipient: RecipientId) -> String {
        BASE64URL_NOPAD.encode(&self.mac(details, recipient).finalize().into_bytes()[..16])
    }

    /// Whether a token is the one of this session and recipient. Takes as long for a wrong one as for a right one.
    pub fn is_manage_token(&self, details: &Details, recipient: RecipientId, token: &str) -> bool {
        let given = BASE64URL_NOPAD.decode(token.as_bytes()).unwrap_or_default();
        given.len() == 16 && self.mac(details, recipient).verify_truncated_left(&given).is_ok()
    }

    fn mac(&self, details: &Details, recipient: RecipientId) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.chain_update(format!("{}/{recipient}/{}", details.id, details.manage_generation))
    }

    /// The address that a practice's mails come from: sender and ORGANIZER.
    pub fn sender(&self, slug: &Slug) -> Option<Email> {
        Email::parse(&format!("{slug}@{}", self.mail_domain)).ok()
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").field("base", &self.base).finish_non_exhaustive()
    }
}
