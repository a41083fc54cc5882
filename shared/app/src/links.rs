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

/// Where the product is reached, and the key that signs manage tokens and export tickets. Cheap to clone.
#[derive(Clone)]
pub struct Links {
    base: Url,
    exports: Url,
    mail_domain: String,
    key: std::sync::Arc<[u8]>,
}

impl Links {
    /// `base` is the address of the pages, without a slash at its end; mails come from `mail_domain`; `key` is secret.
    pub fn new(base: &Url, mail_domain: &str, key: &[u8]) -> Self {
        Self { base: base.clone(), exports: base.clone(), mail_domain: mail_domain.to_owned(), key: key.into() }
    }

    /// With another address, without a slash at its end, for exports: they are streamed, which not every gateway does.
    #[must_use]
    pub fn with_exports_at(self, exports: &Url) -> Self {
        Self { exports: exports.clone(), ..self }
    }

    /// The page of a session.
    pub fn session(&self, code: SessionCode) -> Url {
        below(&self.base, &format!("s/{code}"))
    }

    /// The page from which a recipient manages a session. Whoever has it may move and cancel, so it stands in mails
    /// only.
    pub fn manage(&self, details: &Details, recipient: RecipientId) -> Option<Url> {
        let code = details.clients.first()?.code;
        Some(below(&self.base, &format!("m/{code}/{recipient}/{}", self.manage_token(details, recipient))))
    }

    /// What stands where a manage link would, for whoever it is not meant for. It leads nowhere.
    pub(crate) fn manage_left_out(&self) -> Url {
        below(&self.base, "m/only-in-the-mail-itself")
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
        hmac(&self.key).chain_update(format!("{}/{recipient}/{}", details.id, details.manage_generation))
    }

    /// The address of an export: its ticket, with a signature.
    pub(crate) fn export(&self, ticket: &str) -> Url {
        let signature = BASE64URL_NOPAD.encode(&self.signature(ticket).finalize().into_bytes());
        below(&self.exports, &format!("v1/exports/{ticket}.{signature}"))
    }

    /// The ticket in the last part of such an address, if the signature is the one of this ticket. Takes as long for a
    /// wrong one as for a right one.
    pub(crate) fn export_ticket<'a>(&self, signed: &'a str) -> Option<&'a str> {
        let (ticket, signature) = signed.rsplit_once('.')?;
        let given = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        self.signature(ticket).verify_slice(&given).ok().map(|()| ticket)
    }

    /// By a key of its own, which follows from the one of manage tokens: neither signature can pass for the other.
    fn signature(&self, ticket: &str) -> Hmac<Sha256> {
        let key = hmac(&self.key).chain_update("hourkeep export tickets").finalize().into_bytes();
        hmac(&key).chain_update(ticket)
    }

    /// The address that a practice's mails come from: sender and ORGANIZER.
    pub fn sender(&self, slug: &Slug) -> Option<Email> {
        Email::parse(&format!("{slug}@{}", self.mail_domain)).ok()
    }
}

fn below(base: &Url, path: &str) -> Url {
    // Codes, ids, tokens and tickets are made of letters, digits, dots, hyphens and underscores, so this is an address.
    Url::parse(&format!("{base}/{path}")).unwrap_or_else(|_| base.clone())
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length")
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").field("base", &self.base).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(key: &[u8]) -> Links {
        Links::new(&Url::parse("https://app.hourkeep.test").unwrap(), "mail.hourkeep.test", key)
    }

    #[test]
    fn a_ticket_reads_back_from_its_address_and_no_other_text_does() {
        let links = links(&[7; 32]);
        let url = links.export("prc_1.abc.17").to_string();
        let signed = url.strip_prefix("https://app.hourkeep.test/v1/exports/").unwrap();
        assert_eq!(links.export_ticket(signed), Some("prc_1.abc.17"));
        for at in 0..signed.len() {
            let mut forged = signed.as_bytes().to_vec();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(links.export_ticket(std::str::from_utf8(&forged).unwrap()), None, "{at}");
            assert_eq!(links.export_ticket(&signed[..at]), None, "{at}");
        }
        assert_eq!(links.export_ticket(&format!("{signed}A")), None);
        let other = super::tests::links(&[8; 32]);
        assert_eq!(other.export_ticket(signed), None);
    }

    #[test]
    fn exports_may_be_elsewhere_than_pages() {
        let links = links(&[7; 32]).with_exports_at(&Url::parse("https://export.hourkeep.test").unwrap());
        assert!(links.export("x").to_string().starts_with("https://export.hourkeep.test/v1/exports/x."));
        assert!(links.session(SessionCode::new(7)).to_string().starts_with("https://app.hourkeep.test/s/"));
    }
}
