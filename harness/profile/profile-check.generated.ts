// Made by "npm run docs" from the schema in ./profile-schema.ts, by TypeBox's compiler.
// @ts-nocheck It is JavaScript; Node refuses what the compiler writes as TypeScript.
import type { Profile } from './profile-schema.ts'

export const isProfile: (value: unknown) => value is Profile = (() => {
const local_0 = /^\//;
const local_1 = /^\//;
const local_2 = /^\//;
const local_3 = /^\//;
const local_4 = /^\//;
const local_5 = /^\//;
const local_6 = /^(.*)$/
const local_7 = /^(.*)$/
const local_8 = /^(.*)$/
const local_9 = /^(.*)$/
const local_10 = /^\//;
const local_11 = /^[A-Z0-9]+-[0-9]{3}$/;
const local_12 = /^\d{4}-\d{2}-\d{2}$/;
return function check(value) {
  return (
    (typeof value === 'object' && value !== null && !Array.isArray(value)) &&
    (typeof value['name'] === 'string') &&
    value['name'].length >= 1 &&
    (typeof value['description'] === 'string') &&
    (typeof value['programs'] === 'object' && value['programs'] !== null && !Array.isArray(value['programs'])) &&
    Array.isArray(value['programs']['required']) &&
    ((array) => { for(const value of array) if(!((Array.isArray(value) && ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value)))) { return false }; return true; })(value['programs']['required']) &&
    Array.isArray(value['programs']['helpers']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['programs']['helpers']) &&
    Array.isArray(value['programs']['forbidden']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['programs']['forbidden']) &&
    (((value['programs']['firewall'] === 'iptables')) || ((value['programs']['firewall'] === 'nftables')) || ((value['programs']['firewall'] === 'by-era'))) &&
    Object.getOwnPropertyNames(value['programs']).length === 4 &&
    (typeof value['packages'] === 'object' && value['packages'] !== null && !Array.isArray(value['packages'])) &&
    Array.isArray(value['packages']['required']) &&
    ((array) => { for(const value of array) if(!((Array.isArray(value) && ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value)))) { return false }; return true; })(value['packages']['required']) &&
    Object.getOwnPropertyNames(value['packages']).length === 1 &&
    (typeof value['folders'] === 'object' && value['folders'] !== null && !Array.isArray(value['folders'])) &&
    Array.isArray(value['folders']['required']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_0.test(value)))) { return false }; return true; })(value['folders']['required']) &&
    Object.getOwnPropertyNames(value['folders']).length === 1 &&
    (typeof value['links'] === 'object' && value['links'] !== null && !Array.isArray(value['links'])) &&
    Array.isArray(value['links']['runtimeTargets']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_1.test(value)))) { return false }; return true; })(value['links']['runtimeTargets']) &&
    Array.isArray(value['links']['unresolved']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_2.test(value)))) { return false }; return true; })(value['links']['unresolved']) &&
    Object.getOwnPropertyNames(value['links']).length === 2 &&
    (typeof value['init'] === 'object' && value['init'] !== null && !Array.isArray(value['init'])) &&
    (typeof value['init']['path'] === 'string') &&
    local_3.test(value['init']['path']) &&
    Array.isArray(value['init']['alternatives']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_4.test(value)))) { return false }; return true; })(value['init']['alternatives']) &&
    Array.isArray(value['init']['searchPath']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_5.test(value)))) { return false }; return true; })(value['init']['searchPath']) &&
    Object.getOwnPropertyNames(value['init']).length === 3 &&
    (typeof value['contract'] === 'object' && value['contract'] !== null && !Array.isArray(value['contract'])) &&
    (((value['contract']['engine'] === 'podman')) || ((value['contract']['engine'] === 'docker'))) &&
    (((value['contract']['era'] === 'seed')) || ((value['contract']['era'] === 'wrynose')) || ((value['contract']['era'] === 'master'))) &&
    Object.getOwnPropertyNames(value['contract']).length === 2 &&
    (typeof value['configuration'] === 'object' && value['configuration'] !== null && !Array.isArray(value['configuration'])) &&
    (typeof value['configuration']['storage'] === 'object' && value['configuration']['storage'] !== null && !Array.isArray(value['configuration']['storage']) && !(value['configuration']['storage'] instanceof Date) && !(value['configuration']['storage'] instanceof Uint8Array)) &&
    (Object.entries(value['configuration']['storage']).every(([key, value]) => (local_6.test(key) ? (true) : true))) &&
    (typeof value['configuration']['containers'] === 'object' && value['configuration']['containers'] !== null && !Array.isArray(value['configuration']['containers']) && !(value['configuration']['containers'] instanceof Date) && !(value['configuration']['containers'] instanceof Uint8Array)) &&
    (Object.entries(value['configuration']['containers']).every(([key, value]) => (local_7.test(key) ? (true) : true))) &&
    (typeof value['configuration']['registries'] === 'object' && value['configuration']['registries'] !== null && !Array.isArray(value['configuration']['registries']) && !(value['configuration']['registries'] instanceof Date) && !(value['configuration']['registries'] instanceof Uint8Array)) &&
    (Object.entries(value['configuration']['registries']).every(([key, value]) => (local_8.test(key) ? (true) : true))) &&
    (typeof value['configuration']['unset'] === 'object' && value['configuration']['unset'] !== null && !Array.isArray(value['configuration']['unset'])) &&
    Array.isArray(value['configuration']['unset']['storage']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['configuration']['unset']['storage']) &&
    Array.isArray(value['configuration']['unset']['containers']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['configuration']['unset']['containers']) &&
    Array.isArray(value['configuration']['unset']['registries']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['configuration']['unset']['registries']) &&
    Object.getOwnPropertyNames(value['configuration']['unset']).length === 3 &&
    Object.getOwnPropertyNames(value['configuration']).length === 4 &&
    (typeof value['registries'] === 'object' && value['registries'] !== null && !Array.isArray(value['registries'])) &&
    Array.isArray(value['registries']['search']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['registries']['search']) &&
    (typeof value['registries']['aliases'] === 'object' && value['registries']['aliases'] !== null && !Array.isArray(value['registries']['aliases']) && !(value['registries']['aliases'] instanceof Date) && !(value['registries']['aliases'] instanceof Uint8Array)) &&
    (Object.entries(value['registries']['aliases']).every(([key, value]) => (local_9.test(key) ? ((typeof value === 'string')) : true))) &&
    Object.getOwnPropertyNames(value['registries']).length === 2 &&
    (typeof value['policy'] === 'object' && value['policy'] !== null && !Array.isArray(value['policy'])) &&
    (typeof value['policy']['acceptAnything'] === 'boolean') &&
    Object.getOwnPropertyNames(value['policy']).length === 1 &&
    (typeof value['nameServices'] === 'object' && value['nameServices'] !== null && !Array.isArray(value['nameServices'])) &&
    Array.isArray(value['nameServices']['forbidden']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && value.length >= 1))) { return false }; return true; })(value['nameServices']['forbidden']) &&
    Object.getOwnPropertyNames(value['nameServices']).length === 1 &&
    (typeof value['privileges'] === 'object' && value['privileges'] !== null && !Array.isArray(value['privileges'])) &&
    Array.isArray(value['privileges']['paths']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'string') && local_10.test(value)))) { return false }; return true; })(value['privileges']['paths']) &&
    Object.getOwnPropertyNames(value['privileges']).length === 1 &&
    (typeof value['certificates'] === 'object' && value['certificates'] !== null && !Array.isArray(value['certificates'])) &&
    Number.isInteger(value['certificates']['minimalCount']) &&
    value['certificates']['minimalCount'] >= 1 &&
    Object.getOwnPropertyNames(value['certificates']).length === 1 &&
    (typeof value['sizes'] === 'object' && value['sizes'] !== null && !Array.isArray(value['sizes'])) &&
    Number.isInteger(value['sizes']['imageBytes']) &&
    value['sizes']['imageBytes'] >= 1 &&
    Number.isInteger(value['sizes']['unpackedBytes']) &&
    value['sizes']['unpackedBytes'] >= 1 &&
    Number.isInteger(value['sizes']['wastedBytes']) &&
    value['sizes']['wastedBytes'] >= 0 &&
    Object.getOwnPropertyNames(value['sizes']).length === 3 &&
    (typeof value['performance'] === 'object' && value['performance'] !== null && !Array.isArray(value['performance'])) &&
    (typeof value['performance']['bootInstructions'] === 'object' && value['performance']['bootInstructions'] !== null && !Array.isArray(value['performance']['bootInstructions'])) &&
    Number.isInteger(value['performance']['bootInstructions']['x86_64']) &&
    value['performance']['bootInstructions']['x86_64'] >= 1 &&
    Number.isInteger(value['performance']['bootInstructions']['aarch64']) &&
    value['performance']['bootInstructions']['aarch64'] >= 1 &&
    Object.getOwnPropertyNames(value['performance']['bootInstructions']).length === 2 &&
    Array.isArray(value['performance']['limits']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (typeof value['metrics'] === 'string') && value['metrics'].length >= 1 && Number.isFinite(value['failPercent']) && value['failPercent'] >= 0 && Number.isFinite(value['reportPercent']) && value['reportPercent'] >= 0 && Object.getOwnPropertyNames(value).length === 3))) { return false }; return true; })(value['performance']['limits']) &&
    Object.getOwnPropertyNames(value['performance']).length === 2 &&
    Array.isArray(value['waivers']) &&
    ((array) => { for(const value of array) if(!(((typeof value === 'object' && value !== null && !Array.isArray(value)) && (typeof value['id'] === 'string') && local_11.test(value['id']) && (typeof value['path'] === 'string') && value['path'].length >= 1 && (typeof value['reason'] === 'string') && value['reason'].length >= 1 && (typeof value['expires'] === 'string') && local_12.test(value['expires']) && (typeof value['owner'] === 'string') && value['owner'].length >= 1 && Object.getOwnPropertyNames(value).length === 5))) { return false }; return true; })(value['waivers']) &&
    Object.getOwnPropertyNames(value).length === 17
  )
}
})() as never
