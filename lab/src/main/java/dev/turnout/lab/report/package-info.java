/** An evaluation as text, JSON, page and charts. */
@NullMarked
package dev.turnout.lab.report;

import org.jspecify.annotations.NullMarked;
