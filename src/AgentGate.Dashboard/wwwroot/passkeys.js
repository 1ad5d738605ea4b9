// WebAuthn in the form the API speaks: JSON with base64url.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const descriptors = (list) => list?.map((each) => ({ ...each, id: toBytes(each.id) }));

// Passkeys are for sites with a name, in a safe context.
export const possible = () => isSecureContext && 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(location.hostname.replace(/^\[|\]$/g, ''));

export const conditional = async () => possible() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;

export async function create(options) {
  const credential = await navigator.credentials.create({
    publicKey: { ...options, challenge: toBytes(options.challenge), user: { ...options.user, id: toBytes(options.user.id) }, excludeCredentials: descriptors(options.excludeCredentials) },
  });
  return credential.toJSON?.() ?? {
    ...head(credential),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      attestationObject: toText(credential.response.attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

export async function get(options, more = {}) {
  const credential = await navigator.credentials.get({
    ...more, publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: descriptors(options.allowCredentials) },
  });
  const { response } = credential;
  return credential.toJSON?.() ?? {
    ...head(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

const head = (credential) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

// Why nothing came of it, for people. Who breaks it off needs no explanation, but a word.
export function reason(failure) {
  return failure.name === 'NotAllowedError' || failure.name === 'AbortError' ? 'The passkey was not used: it was cancelled, or took too long.'
    : failure.name === 'InvalidStateError' ? 'This device has a passkey for your account already.'
    : failure.name === 'SecurityError' ? 'Passkeys do not work under this address. Open the server under its own name.'
    : failure.name === 'NotSupportedError' ? 'This device has no kind of passkey that the server takes.'
    : failure.message;
}
