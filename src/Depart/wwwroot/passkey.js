// Passkeys: the browser makes or uses one, the form around the button carries what it gave. Without this file the buttons stay hidden, and passwords serve.
const known = 'PublicKeyCredential' in window && PublicKeyCredential.parseRequestOptionsFromJSON;
let waiting = null;

// Posts nothing but what is named: what else was typed in a form stays there.
const post = async (address, fields) => {
  const answer = await fetch(address, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields) });
  if (!answer.ok) throw Object.assign(new Error(), { told: (await answer.json().catch(() => null))?.detail });
  return answer.status === 204 ? null : answer.json();
};

const use = async (address, more) => {
  waiting?.abort();
  waiting = new AbortController();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post(address));
  return navigator.credentials.get({ publicKey, signal: waiting.signal, ...more });
};

const make = async address => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post(address));
  return navigator.credentials.create({ publicKey });
};

const tell = (button, text) => {
  const said = document.getElementById(button.getAttribute('aria-describedby'));
  if (said) said.textContent = text;
};

// Within a form that does something else: the proof is told to the server, then the form needs no password.
const prove = async (button, form, credential) => {
  await post(button.dataset.to, { form: form.elements.namedItem('form').value, credential: JSON.stringify(credential) });
  tell(button, button.dataset.proved);
  button.hidden = true;
  const field = button.closest('.proof').querySelector('input[type="password"]');
  if (field) { field.value = ''; field.disabled = true; field.setAttribute('aria-required', 'false'); }
};

for (const button of document.querySelectorAll('button[data-passkey]')) {
  const form = button.form;
  if (!known) { tell(button, button.dataset.unknown); continue; }
  button.hidden = false;
  button.addEventListener('click', async event => {
    event.preventDefault();
    button.disabled = true;
    try {
      const credential = await (button.dataset.passkey === 'make' ? make : use)(button.dataset.ask);
      if (button.dataset.passkey === 'prove') {
        await prove(button, form, credential);
      } else {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      }
    } catch (error) {
      tell(button, error.told ?? (error.name === 'InvalidStateError' ? button.dataset.already : button.dataset.gaveup));
      button.disabled = false;
    }
  });
}

// Passkeys among what the browser offers to fill in with, where it can.
const enter = document.querySelector('form[data-passkey-fill]');
if (enter && known && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
  use(enter.dataset.passkeyFill, { mediation: 'conditional' }).then(credential => {
    enter.elements.credential.value = JSON.stringify(credential);
    enter.submit();
  }).catch(() => { /* Given up, or the button was used: the form is there. */ });
}
