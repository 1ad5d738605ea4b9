// Enter sends where a form asks for it; Shift+Enter begins a new line.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || field.dataset.enter !== 'send') return;
  event.preventDefault();
  field.form?.requestSubmit();
});
