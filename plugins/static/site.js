/* Small comforts; every page works without them. */
"use strict";

document.documentElement.classList.add("scripted");

/* Long lists of values start closed where the screen is narrow. */
if (window.matchMedia("(max-width: 600px)").matches) {
  for (const facet of document.querySelectorAll(".facet[open]")) {
    facet.open = false;
  }
}
