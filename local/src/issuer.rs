//! Plays the identity provider: signs RS256 tokens for members of the demo practice, and checks them as API
//! Gateway's authorizer does.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hourkeep_app::{caller::Principal, port::Clock as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{server::StartError, shelf::Shelf};

/// Who vouches here.
pub(crate) const ISSUER: &str = "https://local.hourkeep.test";
const AUDIENCE: &str = "hourkeep";
const KEY_ID: &str = "local-1";
/// Tokens are judged by real time, not by the moved clock.
pub(crate) const VALID_SECONDS: i64 = 12 * 60 * 60;

/// The key, and what follows from it.
pub(crate) struct Issuer {
    signing: EncodingKey,
    checking: DecodingKey,
    modulus: String,
    exponent: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(rename = "hourkeep:practice", default, skip_serializing_if = "Option::is_none")]
    practice: Option<String>,
    /// `id` in a token that says who signed in and opens nothing, as Cognito writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_use: Option<String>,
}

impl Issuer {
    /// The key that lives with the data; a new one the first time.
    pub(crate) async fn open(shelf: &Shelf) -> Result<Self, StartError> {
        let kept = shelf.get::<String>("ISSUER", KEY_ID).await.map_err(StartError::database)?;
        let kept = kept.and_then(|kept| BASE64.decode(kept.as_bytes()).ok());
        let pkcs8 = if let Some(pkcs8) = kept {
            pkcs8
        } else {
            let pair = KeyPair::generate(KeySize::Rsa2048).map_err(StartError::key)?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(StartError::key)?;
            let pkcs8 = der.as_ref().to_vec();
            shelf.put("ISSUER", KEY_ID, &BASE64.encode(&pkcs8)).await.map_err(StartError::database)?;
            pkcs8
        };
        let pair = KeyPair::from_pkcs8(&pkcs8).map_err(StartError::key)?;
        let public = pair.public_key();
        let (modulus, exponent) = (public.modulus(), public.exponent());
        let encode = |number: &[u8]| BASE64URL_NOPAD.encode(number);
        let modulus = encode(modulus.big_endian_without_leading_zero());
        let exponent = encode(exponent.big_endian_without_leading_zero());
        let checking = DecodingKey::from_rsa_components(&modulus, &exponent).map_err(StartError::key)?;
        // jsonwebtoken takes PKCS#1, which PKCS#8 wraps.
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(&pkcs8));
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(StartError::key)?;
        Ok(Self { signing, checking, modulus, exponent })
    }

    /// A token for a subject.
    pub(crate) fn sign(&self, subject: &str, practice: Option<String>) -> Result<String, jsonwebtoken::errors::Error> {
        let now = hourkeep_aws::clock::SystemClock.now().timestamp();
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::RS256) };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: subject.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now,
            exp: now + VALID_SECONDS,
            practice,
            token_use: None,
        };
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// An ID token (`OpenID` Connect Core §2): who signed in, for the client that asked.
    pub(crate) fn identify(&self, subject: &str, client: &str, nonce: Option<&str>) -> Result<String, jsonwebtoken::errors::Error> {
        let now = hourkeep_aws::clock::SystemClock.now().timestamp();
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::RS256) };
        let claims = json!({
            "iss": ISSUER, "sub": subject, "aud": client, "iat": now, "exp": now + VALID_SECONDS, "nonce": nonce,
            "token_use": "id",
        });
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// Whom a token names, if it is one of ours and still holds.
    pub(crate) fn check(&self, token: &str) -> Option<Principal> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        if claims.token_use.as_deref() == Some("id") {
            return None;
        }
        let hint = claims.practice.and_then(|practice| practice.parse().ok());
        Some(Principal { issuer: claims.iss, subject: claims.sub, hint })
    }

    /// The key set, as other systems fetch it.
    pub(crate) fn key_set(&self) -> Value {
        json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": self.modulus, "e": self.exponent}]})
    }
}
