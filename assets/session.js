// A session ends while a page stands open: the next question is answered 401, and the page leads to
// the login, which leads back here.
(function () {
  "use strict";
  const ask = window.fetch;
  let isLeaving = false;

  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status !== 401 || new URL(answer.url).origin !== location.origin) return answer;
    leave();
    return new Promise(() => {}); // the page goes; nobody is left to read the answer
  };

  function leave() {
    if (isLeaving) return;
    isLeaving = true;
    const query = new URLSearchParams({ next: location.pathname + location.search });
    const language = new URLSearchParams(location.search).get("language");
    if (language) query.set("language", language);
    location.assign("/login?" + query);
  }
})();
