// The chosen theme, before the first paint. It is kept where the component library keeps it, so that all pages have the same.
(() => {
  const place = 'fluentui-blazor:theme-settings';
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(place) ?? '{}') ?? {}; } catch { return {}; }
  };
  const apply = () => {
    const mode = String(kept().mode ?? '').toLowerCase();
    if (mode === 'dark' || mode === 'light') document.documentElement.dataset.theme = mode;
    else delete document.documentElement.dataset.theme;
    for (const choice of document.querySelectorAll('[data-theme-choice]')) {
      choice.checked = choice.value.toLowerCase() === (mode === 'dark' || mode === 'light' ? mode : 'system');
      choice.parentElement.classList.toggle('ag-on', choice.checked);
    }
  };
  apply();
  addEventListener('DOMContentLoaded', apply);
  addEventListener('storage', apply);
  addEventListener('change', (event) => {
    if (!event.target.matches?.('[data-theme-choice]')) return;
    const settings = kept();
    const mode = event.target.value.toLowerCase();
    if (mode === 'system') delete settings.mode; else settings.mode = mode;
    localStorage.setItem(place, JSON.stringify(settings));
    apply();
  });
})();
