//! An authenticator in software (WebAuthn level 3, section 6): one resident key, ES256, no attestation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

pub(super) struct Authenticator {
    key: SigningKey,
    id: [u8; 16],
    user: String,
    pub(super) counter: u32,
    pub(super) verifies: bool,
    pub(super) origin: &'static str,
}

impl Authenticator {
    pub(super) fn new(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        Self {
            key,
            id: [seed; 16],
            user: String::new(),
            counter: 0,
            verifies: true,
            origin: "http://localhost:8420",
        }
    }
    fn data(&self, extra: u8) -> Vec<u8> {
        let mut data = Sha256::digest(b"localhost").to_vec();
        data.push(0x01 | if self.verifies { 0x04 } else { 0 } | extra);
        data.extend(self.counter.to_be_bytes());
        data
    }
    fn client(&self, kind: &str, options: &Json) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }
    /// Answers `navigator.credentials.create`.
    pub(super) fn create(&mut self, options: &Json) -> Json {
        self.user = options["publicKey"]["user"]["id"].as_str().unwrap().to_owned();
        let point = self.key.verifying_key().to_encoded_point(false);
        let mut data = self.data(0x40);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        // COSE key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().unwrap());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().unwrap());
        // {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.extend([0xa0, 0x68]);
        object.extend(b"authData");
        object.extend([0x58, data.len() as u8]);
        object.extend(data);
        let client = self.client("webauthn.create", options);
        json!({ "id": B64.encode(self.id), "rawId": B64.encode(self.id), "type": "public-key", "extensions": {},
            "response": { "attestationObject": B64.encode(object), "clientDataJSON": B64.encode(client), "transports": ["internal"] } })
    }
    /// Answers `navigator.credentials.get`.
    pub(super) fn get(&mut self, options: &Json) -> Json {
        let (data, client) = (self.data(0), self.client("webauthn.get", options));
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({ "id": B64.encode(self.id), "rawId": B64.encode(self.id), "type": "public-key", "extensions": {},
            "response": { "authenticatorData": B64.encode(data), "clientDataJSON": B64.encode(client),
                "signature": B64.encode(signature.to_der().as_bytes()), "userHandle": self.user } })
    }
}
