/** Which queries flow in the quickstart, which LLMs answer them and how well. */
@NullMarked
package dev.turnout.app.quickstart.scenario;

import org.jspecify.annotations.NullMarked;
