package dev.turnout.console.page;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.Locale;

/** A share as a bar; its figure stands beside it, so that it is hidden from screen readers. */
public final class Bar {
  private static final int WIDTH = 100;

  private Bar() {}

  /**
   * A bar.
   *
   * @param share of the whole width; beyond 0..1 it is cut, NaN is empty
   * @param tint class of its colour, see {@link Tint}
   */
  public static DomContent of(double share, String tint) {
    double width = share > 0 ? Math.min(1, share) * WIDTH : 0;
    return new Svg("svg")
        .attr("viewBox", "0 0 " + WIDTH + " 6")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .attr("class", "bar " + tint)
        .with(
            new Svg("rect")
                .attr("width", String.format(Locale.ROOT, "%.1f", width))
                .attr("height", "6"));
  }

  /** A coloured dot before a name. */
  public static DomContent dot(String tint) {
    return new Svg("svg")
        .attr("viewBox", "0 0 10 10")
        .attr("aria-hidden", "true")
        .attr("class", "dot " + tint)
        .with(new Svg("circle").attr("cx", "5").attr("cy", "5").attr("r", "5"));
  }

  /** An element of SVG. */
  public static final class Svg extends ContainerTag<Svg> {
    public Svg(String name) {
      super(name);
    }
  }
}
