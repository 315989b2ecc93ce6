/** Every element of this page; the class RmFader stands under the tag rm-fader. */
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

const ELEMENTS = [RmChoice, RmConsoles, RmFaces, RmFader, RmLink, RmMeter, RmNotice, RmPan, RmReadout, RmSolos, RmStrip, RmToggle, RmTransport]

export function defineElements() {
	for (const element of ELEMENTS) customElements.define(element.name.replace("Rm", "rm-").toLowerCase(), element)
}
