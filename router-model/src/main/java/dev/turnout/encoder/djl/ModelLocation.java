package dev.turnout.encoder.djl;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where an operator's model or tokenizer lies.
 *
 * @param uri absolute; scheme {@code file} for a path
 */
public record ModelLocation(URI uri) {

  /** Reads a URL or, where there is no scheme, a path. */
  public static ModelLocation of(String urlOrPath) {
    return urlOrPath.matches("[a-z][a-z0-9+]+:.*")
        ? new ModelLocation(URI.create(urlOrPath))
        : new ModelLocation(Path.of(urlOrPath).toAbsolutePath().toUri());
  }

  public boolean isFile() {
    return "file".equals(uri.getScheme());
  }

  /** The file or folder; only for {@link #isFile()}. */
  public Path path() {
    return Path.of(uri);
  }

  /** Last part of the path without its ending, for people. */
  public String stem() {
    String path = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
    String last = path.replaceAll("/+$", "").replaceAll("^.*/", "");
    String stem = last.replaceAll("\\.[A-Za-z0-9]{1,6}$", "").replace('@', '-');
    return stem.isBlank() ? "model" : stem;
  }

  public boolean endsWith(String ending) {
    return String.valueOf(uri.getPath()).endsWith(ending);
  }
}
