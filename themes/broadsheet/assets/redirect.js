// Leads on before the page is shown, with what was asked for behind the address: a browser's own way loses it,
// and comes after the page has loaded.
const { content } = document.querySelector('meta[http-equiv="refresh"]');
const target = new URL(content.slice(content.indexOf('=') + 1), location.href);
target.search ||= location.search;
target.hash ||= location.hash;
location.replace(target);
