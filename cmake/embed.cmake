# mezz_embeds(SOURCE FILE...): SOURCE, of the current directory, has #embed of these files.
#
# Compiler caches do not see what #embed reads: a hash of it among the source's definitions tells them apart.
function(mezz_embeds source)
  set_property(SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS "${ARGN}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${ARGN}")
  set(hashes "")
  foreach(path ${ARGN})
    file(SHA256 "${path}" hash)
    string(APPEND hashes "${hash}")
  endforeach()
  string(SHA256 all "${hashes}")
  set_property(SOURCE "${source}" APPEND PROPERTY COMPILE_DEFINITIONS "MEZZ_EMBEDDED_${all}")
endfunction()
