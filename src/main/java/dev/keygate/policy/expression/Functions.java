package dev.keygate.policy.expression;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.runtime.CelFunctionBinding;
import dev.keygate.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The functions that expressions have beside CEL's own and its string, list and math extensions.
 */
@SuppressWarnings("Immutable") // secrets are read when they are asked for, to be current
final class Functions {
  private static final CelType TEXTS = ListType.create(STRING);
  private static final CelType MAP = MapType.create(STRING, DYN);

  private final List<CelFunctionDecl> declarations = new ArrayList<>();
  private final List<CelFunctionBinding> bindings = new ArrayList<>();

  Functions(SecretSource secrets) {
    digests();
    encodings();
    texts();
    addresses();
    random();
    add(
        "secrets.get",
        global("secrets_get", STRING, STRING, STRING),
        CelFunctionBinding.from(
            "secrets_get",
            String.class,
            String.class,
            (vault, name) -> reveal(secrets, vault, name)));
  }

  List<CelFunctionDecl> declarations() {
    return declarations;
  }

  List<CelFunctionBinding> bindings() {
    return bindings;
  }

  private void digests() {
    for (Digest digest : Digest.values()) {
      String name = digest.functionName();
      add("hash." + name, one("hash_" + name, STRING), text("hash_" + name, digest::hex));
      add(
          "hash." + name,
          global("hash_" + name + "_format", STRING, STRING, STRING),
          texts("hash_" + name + "_format", digest::formatted));
      add(name, member("string_" + name, STRING, STRING), text("string_" + name, digest::hex));
      add(
          name,
          member("string_" + name + "_format", STRING, STRING, STRING),
          texts("string_" + name + "_format", digest::formatted));
    }
  }

  private void encodings() {
    add("json.decode", one("json_decode", DYN), text("json_decode", Json::parsed));
    add(
        "decodeJson",
        member("string_decode_json", DYN, STRING),
        text("string_decode_json", Json::parsed));
    add("isJson", member("string_is_json", BOOL, STRING), text("string_is_json", Json::isJson));
    add(
        "json.encode",
        CelOverloadDecl.newGlobalOverload("json_encode", STRING, DYN),
        CelFunctionBinding.from("json_encode", Object.class, Json::encoded));
    add(
        "encodeJson",
        CelOverloadDecl.newMemberOverload("dyn_encode_json", STRING, DYN),
        CelFunctionBinding.from("dyn_encode_json", Object.class, Json::encoded));
    add(
        "basic_auth.encode",
        global("basic_auth_encode", STRING, STRING, STRING),
        texts("basic_auth_encode", Texts::basicAuth));
    add(
        "encodeBase64",
        member("string_encode_base64", STRING, STRING),
        text("string_encode_base64", Texts::encodeBase64));
    add(
        "decodeBase64",
        member("string_decode_base64", STRING, STRING),
        text("string_decode_base64", Texts::decodeBase64));
    add("url.escape", one("url_escape", STRING), text("url_escape", Texts::escapeUrl));
    add("url.unescape", one("url_unescape", STRING), text("url_unescape", Texts::unescapeUrl));
    add("url.parse", one("url_parse", MAP), text("url_parse", Texts::parseUrl));
    add(
        "escapeUrl",
        member("string_escape_url", STRING, STRING),
        text("string_escape_url", Texts::escapeUrl));
    add(
        "unescapeUrl",
        member("string_unescape_url", STRING, STRING),
        text("string_unescape_url", Texts::unescapeUrl));
    add(
        "parseUrl",
        member("string_parse_url", MAP, STRING),
        text("string_parse_url", Texts::parseUrl));
    add(
        "queryString.decode",
        one("query_string_decode", MapType.create(STRING, TEXTS)),
        text("query_string_decode", RequestParts::queryParams));
    add(
        "decodeQueryString",
        member("string_decode_query", MapType.create(STRING, TEXTS), STRING),
        text("string_decode_query", RequestParts::queryParams));
    add(
        "queryString.encode",
        CelOverloadDecl.newGlobalOverload("query_string_encode", STRING, DYN),
        CelFunctionBinding.from("query_string_encode", Map.class, Texts::encodeQuery));
    add(
        "encodeQueryString",
        CelOverloadDecl.newMemberOverload("map_encode_query", STRING, DYN),
        CelFunctionBinding.from("map_encode_query", Map.class, Texts::encodeQuery));
  }

  private void texts() {
    add("lower", member("string_lower", STRING, STRING), text("string_lower", Texts::lower));
    add("upper", member("string_upper", STRING, STRING), text("string_upper", Texts::upper));
    add("isURL", member("string_is_url", BOOL, STRING), text("string_is_url", Texts::isUrl));
    add(
        "isQueryString",
        member("string_is_query", BOOL, STRING),
        text("string_is_query", Texts::isQueryString));
    add(
        "split",
        member("string_split_spaces", TEXTS, STRING),
        text("string_split_spaces", Texts::words));
  }

  private void addresses() {
    add(
        "isPrivateIp",
        member("string_is_private_ip", BOOL, STRING),
        text("string_is_private_ip", Addresses::isPrivate));
    add(
        "inCidrRange",
        global("in_cidr_range", BOOL, STRING, STRING),
        CelFunctionBinding.from("in_cidr_range", String.class, String.class, Addresses::isIn));
    add(
        "inCidrRanges",
        global("in_cidr_ranges", BOOL, STRING, TEXTS),
        CelFunctionBinding.from("in_cidr_ranges", String.class, List.class, Addresses::isInAny));
  }

  private void random() {
    add(
        "rand.double",
        CelOverloadDecl.newGlobalOverload("rand_double", DOUBLE),
        CelFunctionBinding.from(
            "rand_double", List.of(), arguments -> ThreadLocalRandom.current().nextDouble()));
    add(
        "rand.int",
        global("rand_int", INT, INT, INT),
        CelFunctionBinding.from("rand_int", Long.class, Long.class, Functions::randomBetween));
  }

  private static long randomBetween(long least, long most) {
    if (least > most) {
      throw new CelInvalidArgumentException("rand.int needs its smaller bound first");
    }
    return ThreadLocalRandom.current().nextLong(least, Math.addExact(most, 1));
  }

  private static String reveal(SecretSource secrets, String vault, String name) {
    Secret secret = secrets.find(vault, name);
    if (secret == null || secret.isEmpty()) {
      throw new EvaluationException("no such secret");
    }
    return secret.reveal();
  }

  private void add(String name, CelOverloadDecl overload, CelFunctionBinding binding) {
    declarations.add(CelFunctionDecl.newFunctionDeclaration(name, overload));
    bindings.addAll(CelFunctionBinding.fromOverloads(name, binding));
  }

  private static CelOverloadDecl one(String id, CelType result) {
    return CelOverloadDecl.newGlobalOverload(id, result, STRING);
  }

  private static CelOverloadDecl global(String id, CelType result, CelType first, CelType second) {
    return CelOverloadDecl.newGlobalOverload(id, result, first, second);
  }

  private static CelOverloadDecl member(String id, CelType result, CelType... arguments) {
    return CelOverloadDecl.newMemberOverload(id, result, arguments);
  }

  private static CelFunctionBinding text(String id, TextFunction function) {
    return CelFunctionBinding.from(id, String.class, function::apply);
  }

  private static CelFunctionBinding texts(String id, TextsFunction function) {
    return CelFunctionBinding.from(id, String.class, String.class, function::apply);
  }

  /** A function of one text. */
  private interface TextFunction {
    Object apply(String text);
  }

  /** A function of two texts. */
  private interface TextsFunction {
    Object apply(String first, String second);
  }
}
