# Sets JAVA_HOME to a Java 25 or newer that has bin/$java_tool (javac when that is not set).
# Sourced by mvnw and the launchers; POSIX sh.
# Order: JAVA_HOME, the java on the PATH, then the places where packages and installers put JDKs.

java_version_of() {
  # The major version a JDK's own release file states: no JVM is started to ask.
  [ -x "$1/bin/${java_tool:-javac}" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_java() {
  path_java=$(readlink -f "$(command -v java 2>/dev/null)" 2>/dev/null)
  for candidate in "${JAVA_HOME-}" "${path_java%/bin/java}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    version=$(java_version_of "$candidate") || continue
    if [ "${version:-0}" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "Keygate needs Java 25 or newer and found none: install a JDK 25 (for example Temurin) or set JAVA_HOME to one." >&2
  return 1
}

find_java || exit 1
