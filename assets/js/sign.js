// The one script of a public page: the field to draw a signature on. No cookie, no storage, no other site.
import { startSignature } from "./signature.js";

startSignature();
