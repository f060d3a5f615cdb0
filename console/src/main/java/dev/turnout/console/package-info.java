/**
 * The console: web pages on what flows, why, and what was learnt, served by a role of its own that
 * reads the topics.
 *
 * <p><b>To add a page</b>:
 *
 * <ol>
 *   <li>write a class that implements {@link dev.turnout.console.page.Page} in a package of its
 *       own, e.g. {@code dev.turnout.console.tenants.TenantsPage}: path, title, content; what
 *       changes while it is open is a {@link dev.turnout.console.page.Fragment} of {@code live},
 *       what can be done there a {@link dev.turnout.console.page.PageAction} by the name that its
 *       form posts to, {@code <form method="post" action="/tenants/NAME">}
 *   <li>add it to {@link dev.turnout.console.ConsolePages}, whose order is the navigation's
 *   <li>what it has to know goes into {@link dev.turnout.console.state.ConsoleState}, bounded, and
 *       read by one thread from the topics; a page only asks
 *   <li>styles go into {@code console.css}, by the class names that stand there at the top; scripts
 *       into {@code console.js}, which knows elements by data attributes. Neither may stand in the
 *       page itself: the content security policy forbids styles and scripts inside HTML. A bar or a
 *       chart is an SVG ({@link dev.turnout.console.page.Bar}), or a {@link
 *       dev.turnout.console.page.Chart} that uPlot draws
 * </ol>
 *
 * <p>What holds for all pages: the door ({@code console.door}) has looked at every request before;
 * text from outside is escaped by j2html's tags, and nothing else writes HTML; a page works without
 * scripts, which only keep it up to date.
 */
@NullMarked
package dev.turnout.console;

import org.jspecify.annotations.NullMarked;
