package dev.turnout.console;

import dev.turnout.math.Sha256;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files beside the pages, all of them from this program: no address elsewhere is ever loaded.
 * Their addresses carry a digest, so that browsers keep them for good.
 */
final class ConsoleAssets {
  private static final int DIGEST_LETTERS = 12;
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private final Map<String, Asset> assets = new LinkedHashMap<>();

  private record Asset(String type, String digest, byte[] content) {}

  ConsoleAssets() {
    add("console.css", "text/css", "/dev/turnout/console/console.css");
    add("console.js", "text/javascript", "/dev/turnout/console/console.js");
    add("icon.svg", "image/svg+xml", "/dev/turnout/console/icon.svg");
    add("uplot.css", "text/css", UPLOT + "uPlot.min.css");
    add("uplot.js", "text/javascript", UPLOT + "uPlot.iife.min.js");
  }

  private void add(String name, String type, String resource) {
    try (InputStream in = ConsoleAssets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("console: " + resource + " is missing from the program");
      }
      byte[] content = in.readAllBytes();
      String digest = Sha256.hex(content).substring(0, DIGEST_LETTERS);
      assets.put(name, new Asset(type + "; charset=utf-8", digest, content));
    } catch (IOException e) {
      throw new UncheckedIOException("console: " + resource + " cannot be read", e);
    }
  }

  /** The address of a file. */
  String address(String name) {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("there is no file " + name);
    }
    return "/assets/" + asset.digest() + "/" + name;
  }

  /** Answers {@code /assets/DIGEST/NAME}. */
  void serve(Context context) {
    Asset asset = assets.get(context.pathParam("name"));
    if (asset == null) {
      throw new NotFoundResponse();
    }
    boolean current = asset.digest().equals(context.pathParam("digest"));
    context.header("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
    context.contentType(asset.type()).result(asset.content());
  }
}
