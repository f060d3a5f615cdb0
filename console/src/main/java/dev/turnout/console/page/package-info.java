/**
 * What a page is, and what all pages share: layout, navigation, how figures and times are written.
 */
@NullMarked
package dev.turnout.console.page;

import org.jspecify.annotations.NullMarked;
