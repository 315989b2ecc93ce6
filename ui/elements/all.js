/** Every element of this page under its tag. */
import { RmChoice } from "./rm-choice.js"
import { RmConsoles } from "./rm-consoles.js"
import { RmFaces } from "./rm-faces.js"
import { RmFader } from "./rm-fader.js"
import { RmLink } from "./rm-link.js"
import { RmMeter } from "./rm-meter.js"
import { RmNotice } from "./rm-notice.js"
import { RmPan } from "./rm-pan.js"
import { RmReadout } from "./rm-readout.js"
import { RmSolos } from "./rm-solos.js"
import { RmStrip } from "./rm-strip.js"
import { RmToggle } from "./rm-toggle.js"
import { RmTransport } from "./rm-transport.js"

const ELEMENTS = {
  "rm-choice": RmChoice,
  "rm-consoles": RmConsoles,
  "rm-faces": RmFaces,
  "rm-fader": RmFader,
  "rm-link": RmLink,
  "rm-meter": RmMeter,
  "rm-notice": RmNotice,
  "rm-pan": RmPan,
  "rm-readout": RmReadout,
  "rm-solos": RmSolos,
  "rm-strip": RmStrip,
  "rm-toggle": RmToggle,
  "rm-transport": RmTransport,
}

export function defineElements() {
  for (const [tag, element] of Object.entries(ELEMENTS)) customElements.define(tag, element)
}
